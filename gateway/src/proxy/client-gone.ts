/** The client left before it had sent its whole request, or before it was answered. */
export class ClientGone extends Error {}
