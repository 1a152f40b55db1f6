package org.jtorch.cli;

/** Where the command's output goes. */
final class Terminal {

    private Terminal() {}

    /** Whether somebody watches, on a terminal on which a line can be written over. */
    static boolean isLive() {
        return System.console() != null && System.getenv("CI") == null && !"dumb".equals(System.getenv("TERM"));
    }
}
