package org.jtorch.serialize.python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a class that is not there: an inert record of what the file says about it. Nothing was called to make it.
 *
 * @see org.jtorch.serialize.LoadOptions#allow
 */
public final class PythonObject implements PythonValue {

    private static final String PARAMETERS = "_parameters";
    private static final String BUFFERS = "_buffers";
    private static final String MODULES = "_modules";

    private final String name;
    private final Tuple arguments;
    private final Map<@Nullable Object, @Nullable Object> namedArguments;
    private final List<@Nullable Object> items = new ArrayList<>(0);
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
        this.namedArguments = namedArguments.isEmpty() ? Collections.emptyMap() : new LinkedHashMap<>(namedArguments);
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

    /** Its state, for most classes the attributes by name; null if it has none. */
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
        if (state instanceof Tuple pair && hasSlots()) {
            // the state may be shared by many: it is not copied for one attribute
            Object slot = pair.get(1) instanceof Map<?, ?> slots ? slots.get(attribute) : null;
            return slot == null && pair.get(0) instanceof Map<?, ?> others ? others.get(attribute) : slot;
        }
        Map<?, ?> attributes = attributes();
        return attributes == null ? null : attributes.get(attribute);
    }

    /**
     * Its attributes by name: its state, if that is a dict; both parts of it if that is a pair, as for a class with slots; or the dict
     * of attributes that a {@code torch.fx} module is made of. Null if it has none.
     */
    @Nullable
    public Map<?, ?> attributes() {
        if (state instanceof Map<?, ?> map) {
            return map;
        }
        if (state instanceof Tuple pair && hasSlots()) {
            Map<@Nullable Object, @Nullable Object> both = new LinkedHashMap<>();
            pair.values().forEach(part -> both.putAll(part instanceof Map<?, ?> map ? map : Map.of()));
            return both;
        }
        return name.startsWith("torch.fx.") && arguments.size() > 0 && arguments.get(0) instanceof Map<?, ?> map
                ? map
                : null;
    }

    /** Whether its state is what Python gives for a class with slots: a dict of the other attributes or None, and a dict of the slots. */
    public boolean hasSlots() {
        return state instanceof Tuple pair
                && pair.size() == 2
                && (pair.get(0) == null || pair.get(0) instanceof Map)
                && pair.get(1) instanceof Map;
    }

    /**
     * Its entries, if its class is a dict: those that the file set one by one, or the dict or pairs that it was made of, as Python
     * writes subclasses of Counter and, in Python 2, of OrderedDict. Null if it has none.
     */
    @Nullable
    public Map<?, ?> mapping() {
        if (!entries.isEmpty()) {
            return entries;
        }
        if (arguments.size() != 1 || state != null || !items.isEmpty()) {
            return null;
        }
        if (arguments.get(0) instanceof Map<?, ?> map) {
            return map;
        }
        return arguments.get(0) instanceof List<?> pairs ? ofPairs(pairs) : null;
    }

    private static @Nullable Map<?, ?> ofPairs(List<?> pairs) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (Object pair : pairs) {
            List<?> items =
                    pair instanceof List<?> list ? list : pair instanceof Tuple tuple ? tuple.values() : List.of();
            if (items.size() != 2 || !(items.get(0) instanceof String)) {
                return null;
            }
            map.put(items.get(0), items.get(1));
        }
        return map.isEmpty() ? null : map;
    }

    /**
     * Whether it has what every {@code torch.nn.Module} has: dicts of parameters, buffers and modules; or is what {@code torch.compile}
     * made of one.
     */
    public boolean isModule() {
        return isCompiled()
                || attribute(PARAMETERS) instanceof Map
                        && attribute(BUFFERS) instanceof Map
                        && attribute(MODULES) instanceof Map;
    }

    /** Whether it stands for the module that it is made of. */
    private boolean isCompiled() {
        return name.equals("torch._dynamo.eval_frame.OptimizedModule")
                && arguments.size() > 0
                && arguments.get(0) instanceof PythonObject;
    }

    /** A module's parameters by name. */
    public Map<?, ?> parameters() {
        return isCompiled() ? Map.of() : (Map<?, ?>) java.util.Objects.requireNonNull(attribute(PARAMETERS));
    }

    /** A module's buffers by name. */
    public Map<?, ?> buffers() {
        return isCompiled() ? Map.of() : (Map<?, ?>) java.util.Objects.requireNonNull(attribute(BUFFERS));
    }

    /** A module's children by name. */
    public Map<?, ?> modules() {
        return isCompiled()
                ? Collections.singletonMap("_orig_mod", arguments.get(0))
                : (Map<?, ?>) java.util.Objects.requireNonNull(attribute(MODULES));
    }

    @Override
    public String toString() {
        return "<" + name + " object>";
    }
}
