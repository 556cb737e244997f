// Property tests draw the same cases on every run: one that fails must fail again.
import { configureGlobal } from "fast-check";

configureGlobal({ seed: 20_261_123 });
