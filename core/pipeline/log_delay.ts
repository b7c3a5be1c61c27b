/**
 * By how much all times of a log may be off together, one sigma in ns: a command is logged when it is given and not
 * when its light shines, and one host tells another over a network.
 */
export const LOG_DELAY_SIGMA_NS = 20e6;
