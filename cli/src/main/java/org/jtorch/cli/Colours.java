package org.jtorch.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Text in colour, if the command's output is a terminal and {@code NO_COLOR} is not set; otherwise plain text. */
public final class Colours {

    private final boolean enabled;

    private Colours(boolean enabled) {
        this.enabled = enabled;
    }

    /** Returns the colours of a command, which are those of its help. */
    public static Colours of(CommandLine command) {
        return new Colours(command.getColorScheme().ansi().enabled());
    }

    /** Returns a text that says that something is right. */
    public String good(String text) {
        return styled(text, Style.fg_green);
    }

    /** Returns a text that says that something is wrong. */
    public String failure(String text) {
        return styled(text, Style.fg_red);
    }

    /** Returns a heading. */
    String heading(String text) {
        return styled(text, Style.bold);
    }

    private String styled(String text, IStyle style) {
        return enabled ? style.on() + text + Style.reset.on() : text;
    }
}
