/** The credential that Weir has for the simulator; clients never hold it. */
export const providerKey = "sk-of-the-provider";
