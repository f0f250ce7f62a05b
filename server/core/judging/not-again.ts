/** So many items, at most, does a judge's page name that are not to come (again): those it has, and those it has decided. */
export const NOT_AGAIN = 100;
