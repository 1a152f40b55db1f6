package org.jtorch.nn.state;

import java.util.List;
import org.jtorch.TorchException;

/**
 * Thrown if a state dict does not fit a module. The message is PyTorch's. After it come the likely reasons with their remedies,
 * each on a line that begins with {@code help:}.
 */
public final class StateDictException extends TorchException {

    private static final long serialVersionUID = 1L;

    private final String text;
    private final IncompatibleKeys incompatibleKeys;

    @SuppressWarnings("serial") // They are lists of the JDK, which can be serialized.
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

    /** Returns PyTorch's message without the lines after it. */
    public String text() {
        return text;
    }

    /** Returns the keys that did not match. */
    public IncompatibleKeys incompatibleKeys() {
        return incompatibleKeys;
    }

    /** Returns the errors other than missing and unexpected keys, such as a size mismatch, in PyTorch's words. */
    public List<String> errors() {
        return errors;
    }

    /** Returns the likely reasons with their remedies; may be empty. */
    public List<String> help() {
        return help;
    }
}
