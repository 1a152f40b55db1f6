package org.jtorch.nn.state;

import java.util.List;
import org.jtorch.TorchException;

/**
 * A state dict does not fit a module. The message is PyTorch's; below it stand, each on a line of its own that begins with
 * {@code help:}, the likely reasons and their remedies.
 */
public final class StateDictException extends TorchException {

    private static final long serialVersionUID = 1L;

    private final String text;
    private final IncompatibleKeys incompatibleKeys;

    @SuppressWarnings("serial") // the JDK's own lists, which can be serialized
    private final List<String> errors;

    @SuppressWarnings("serial")
    private final List<String> help;

    public StateDictException(String text, IncompatibleKeys incompatibleKeys, List<String> errors, List<String> help) {
        super(help.isEmpty() ? text : text + "\nhelp: " + String.join("\nhelp: ", help));
        this.text = text;
        this.incompatibleKeys = incompatibleKeys;
        this.errors = List.copyOf(errors);
        this.help = List.copyOf(help);
    }

    /** PyTorch's message alone. */
    public String text() {
        return text;
    }

    /** Returns the keys that did not match. */
    public IncompatibleKeys incompatibleKeys() {
        return incompatibleKeys;
    }

    /** Returns what stands against the load beside those keys, such as a size mismatch; PyTorch's lines. */
    public List<String> errors() {
        return errors;
    }

    /** Returns the likely reasons and their remedies; may be empty. */
    public List<String> help() {
        return help;
    }
}
