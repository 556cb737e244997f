/** Why somebody could not sign in, as the page says it. */
export const signInRefusals = {
  WEIR_SIGN_IN_EXPIRED: {
    status: 400,
    title: "This sign-in is over",
    text: "It was begun in another browser, more than ten minutes ago, or has been used already.",
  },
  WEIR_SIGN_IN_REFUSED: {
    status: 403,
    title: "The identity provider did not sign you in",
    text: "It may be that you stopped there, or that you may not use this application.",
  },
  WEIR_SIGN_IN_INVALID: {
    status: 400,
    title: "The identity provider's answer is not valid",
    text: "Weir does not trust it, and has not signed you in. The reason is in Weir's log.",
  },
  WEIR_IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    title: "The identity provider cannot be reached",
    text: "Nobody can sign in now. Whoever is signed in already stays so, and keys go on working. Try again in a few minutes.",
  },
  WEIR_NO_MAPPED_GROUP: {
    status: 403,
    title: "You have no access to Weir yet",
    text: "The identity provider knows you, and none of your groups there has a team in Weir.",
  },
  WEIR_NOT_PROVISIONED: {
    status: 403,
    title: "You have no access to Weir now",
    text: "The identity provider says who may use Weir, and has taken you out or has not given you a group with a team.",
  },
  WEIR_GROUPS_NOT_SENT: {
    status: 403,
    title: "Your groups are too many to be sent",
    text: "The identity provider left them out of its answer. Whoever looks after Weir can have it send only the groups assigned to this application.",
  },
  WEIR_NO_PERSON_CLAIM: {
    status: 403,
    title: "The identity provider does not say who you are",
    text: "The claim by which Weir knows people is missing, is not verified, or cannot be an id.",
  },
  WEIR_PERSON_CONFLICT: {
    status: 409,
    title: "This id belongs to another account",
    text: "Another account at the identity provider has signed in under the id that yours has now, or the id is reserved.",
  },
} as const satisfies Record<string, { status: number; title: string; text: string }>;

export type SignInRefusalCode = keyof typeof signInRefusals;

/** Somebody cannot sign in; `cause` stays in the log. */
export class SignInRefusal extends Error {
  readonly code: SignInRefusalCode;

  constructor(code: SignInRefusalCode, options?: ErrorOptions) {
    super(signInRefusals[code].title, options);
    this.name = "SignInRefusal";
    this.code = code;
  }
}
