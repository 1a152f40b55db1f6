package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a class that is not there: an inert record of what the file says about it. Nothing was called to make it.
 *
 * @see LoadOptions#allow
 */
public final class PythonObject implements PythonValue {

    private static final String PARAMETERS = "_parameters";
    private static final String BUFFERS = "_buffers";
    private static final String MODULES = "_modules";

    private final String name;
    private final Tuple arguments;
    private final Map<@Nullable Object, @Nullable Object> namedArguments;
    private final List<@Nullable Object> items = new ArrayList<>();
    private final Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
    private @Nullable Object state;

    /**
     * An object as a file describes it.
     *
     * @param name module and name of its class, {@code argparse.Namespace}
     * @param arguments what it would have been made with
     * @param namedArguments the same by name
     */
    public PythonObject(String name, Tuple arguments, Map<?, ?> namedArguments) {
        this.name = name;
        this.arguments = arguments;
        this.namedArguments = new LinkedHashMap<>(namedArguments);
    }

    /** Module and name of its class, {@code argparse.Namespace}. */
    public String name() {
        return name;
    }

    /** What its class or function would have been called with. */
    public Tuple arguments() {
        return arguments;
    }

    /** The arguments that have names. */
    public Map<@Nullable Object, @Nullable Object> namedArguments() {
        return namedArguments;
    }

    /** Its state, for most classes the attributes by name; null where it has none. */
    public @Nullable Object state() {
        return state;
    }

    /** Sets the state, as the file has it. */
    public void setState(@Nullable Object state) {
        this.state = state;
    }

    /** Its elements, where its class is a list; the live list. */
    public List<@Nullable Object> items() {
        return items;
    }

    /** Its entries, where its class is a dict; the live map. */
    public Map<@Nullable Object, @Nullable Object> entries() {
        return entries;
    }

    /** The attribute called {@code attribute}, or null. */
    public @Nullable Object attribute(String attribute) {
        return state instanceof Map<?, ?> attributes ? attributes.get(attribute) : null;
    }

    /** Whether it has what every {@code torch.nn.Module} has: dicts of parameters, buffers and modules. */
    public boolean isModule() {
        return attribute(PARAMETERS) instanceof Map
                && attribute(BUFFERS) instanceof Map
                && attribute(MODULES) instanceof Map;
    }

    /** A module's parameters by name. */
    Map<?, ?> parameters() {
        return (Map<?, ?>) java.util.Objects.requireNonNull(attribute(PARAMETERS));
    }

    /** A module's buffers by name. */
    Map<?, ?> buffers() {
        return (Map<?, ?>) java.util.Objects.requireNonNull(attribute(BUFFERS));
    }

    /** A module's children by name. */
    Map<?, ?> modules() {
        return (Map<?, ?>) java.util.Objects.requireNonNull(attribute(MODULES));
    }

    @Override
    public String toString() {
        return "<" + name + " object>";
    }
}
