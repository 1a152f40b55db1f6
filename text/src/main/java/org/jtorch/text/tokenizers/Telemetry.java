package org.jtorch.text.tokenizers;

/**
 * Whether DJL reports its use. Its tokenizers ask for an address of Amazon's network when the first one is made, and if there is an
 * answer they send the machine's identifier to DJL's authors.
 *
 * <p>Reading a file should use no network, so that this is switched off.
 */
final class Telemetry {

    /** DJL reads it as a variable of the environment, and if there is none as a system property. */
    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    private Telemetry() {}

    /** Switches it off, unless the user decided. */
    static void optOut() {
        if (System.getenv(OPT_OUT) == null && System.getProperty(OPT_OUT) == null) {
            System.setProperty(OPT_OUT, "true");
        }
    }
}
