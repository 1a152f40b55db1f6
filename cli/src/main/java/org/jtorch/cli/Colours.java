package org.jtorch.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Texts in colour, if the command's output is a terminal and {@code NO_COLOR} is not set; else the plain texts. */
public final class Colours {

    private final boolean enabled;

    private Colours(boolean enabled) {
        this.enabled = enabled;
    }

    /** Those of a command: as its help has them. */
    public static Colours of(CommandLine command) {
        return new Colours(command.getColorScheme().ansi().enabled());
    }

    /** Something is right. */
    public String good(String text) {
        return styled(text, Style.fg_green);
    }

    /** Something is wrong. */
    public String failure(String text) {
        return styled(text, Style.fg_red);
    }

    /** A heading. */
    String heading(String text) {
        return styled(text, Style.bold);
    }

    private String styled(String text, IStyle style) {
        return enabled ? style.on() + text + Style.reset.on() : text;
    }
}
