import { domainOf, type EntityKind, readText } from "./find-entities.ts";
import { skeletonOf } from "./skeleton.ts";
import { folded } from "./split-words.ts";

/** Names longer than this are no names. */
const NAME_MAX = 256;

/** Whom the organisation itself lists, and which domains are its own. */
export interface DirectoryFacts {
  /** People, teams, channels, addresses, accounts: as they are called. */
  readonly names: readonly string[];
  /** Own domains of mail and of links; subdomains are not in them. */
  readonly domains: readonly string[];
}

/** The trusted directory: what stands in it was put there by the organisation, not by a message. */
export class Directory {
  readonly #names = new Set<string>();
  readonly #entities = new Set<string>();
  readonly #domains: ReadonlySet<string>;
  readonly #skeletons = new Set<string>();

  constructor({ names, domains }: DirectoryFacts) {
    this.#domains = new Set(domains.map((domain) => folded(domain)));
    for (const domain of this.#domains) this.#skeletons.add(skeletonOf(domain));
    for (const name of names) this.#add(name.slice(0, NAME_MAX));
  }

  hasName(words: readonly string[]): boolean {
    return this.#names.has(words.join(" "));
  }

  hasEntity(kind: EntityKind, key: string): boolean {
    if (this.#entities.has(`${kind} ${key}`)) return true;
    const domain = domainOf(kind, key);
    return domain !== "" && this.#domains.has(domain);
  }

  /** Whether something that is not listed is made to look as if it were. */
  isLookalike(skeleton: string): boolean {
    return this.#skeletons.has(skeleton);
  }

  #add(name: string): void {
    const words: string[] = [];
    readText(folded(name), {
      word: (bare) => words.push(bare),
      entity: (kind, key) => {
        this.#entities.add(`${kind} ${key}`);
        if (kind === "address" || kind === "link") this.#skeletons.add(skeletonOf(key));
      },
    });
    if (words.length === 0) return;
    this.#names.add(words.join(" "));
    if (words.length === 1) this.#skeletons.add(skeletonOf(words[0] ?? ""));
  }
}

export const emptyDirectory = new Directory({ names: [], domains: [] });
