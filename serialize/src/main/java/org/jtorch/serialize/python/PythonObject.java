package org.jtorch.serialize.python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a Python class: an inert record of its description in the file. No code was called to create it.
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
     * Creates an object.
     *
     * @param name the module and the name of its class, such as {@code argparse.Namespace}
     * @param arguments the arguments of its constructor
     * @param namedArguments the named arguments of its constructor
     */
    public PythonObject(String name, Tuple arguments, Map<?, ?> namedArguments) {
        this.name = name;
        this.arguments = arguments;
        this.namedArguments = namedArguments.isEmpty() ? Collections.emptyMap() : new LinkedHashMap<>(namedArguments);
    }

    /** Returns the module and the name of its class, such as {@code argparse.Namespace}. */
    public String name() {
        return name;
    }

    /** Returns the arguments of its class or function. */
    public Tuple arguments() {
        return arguments;
    }

    /** Returns the named arguments of its class or function. */
    public Map<@Nullable Object, @Nullable Object> namedArguments() {
        return namedArguments;
    }

    /** Returns the state, which for most classes is a map of the attributes, or null if there is none. */
    public @Nullable Object state() {
        return state;
    }

    /** Sets the state. */
    public void setState(@Nullable Object state) {
        this.state = state;
    }

    /** Returns the elements, if its class is a list. Changes to the list change this object. */
    public List<@Nullable Object> items() {
        return items;
    }

    /** Returns the entries, if its class is a dict. Changes to the map change this object. */
    public Map<@Nullable Object, @Nullable Object> entries() {
        return entries;
    }

    /** Returns the attribute called {@code attribute}, or null. */
    public @Nullable Object attribute(String attribute) {
        if (state instanceof Tuple pair && hasSlots()) {
            // many objects may share the state: do not copy it for one attribute
            Object slot = pair.get(1) instanceof Map<?, ?> slots ? slots.get(attribute) : null;
            return slot == null && pair.get(0) instanceof Map<?, ?> others ? others.get(attribute) : slot;
        }
        Map<?, ?> attributes = attributes();
        return attributes == null ? null : attributes.get(attribute);
    }

    /**
     * Returns the attributes by name: the state, if it is a dict; both of its parts, if it is a pair, as for a class with
     * slots; or the dict of attributes from which a {@code torch.fx} module is created. Returns null if there are none.
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

    /**
     * Returns whether the state is that of a class with slots: a pair of a dict of the other attributes or None, and a dict
     * of the slots.
     */
    public boolean hasSlots() {
        return state instanceof Tuple pair
                && pair.size() == 2
                && (pair.get(0) == null || pair.get(0) instanceof Map)
                && pair.get(1) instanceof Map;
    }

    /**
     * Returns the entries, if its class is a dict: those that the file sets one by one, or the dict or pairs of its
     * constructor, as Python writes subclasses of Counter and, in Python 2, of OrderedDict. Returns null if there are none.
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
     * Returns whether it has the attributes of every {@code torch.nn.Module} (dicts of parameters, buffers and modules), or
     * is the result of {@code torch.compile} for one.
     */
    public boolean isModule() {
        return isCompiled()
                || attribute(PARAMETERS) instanceof Map
                        && attribute(BUFFERS) instanceof Map
                        && attribute(MODULES) instanceof Map;
    }

    /** Returns whether it wraps another module. */
    private boolean isCompiled() {
        return name.equals("torch._dynamo.eval_frame.OptimizedModule")
                && arguments.size() > 0
                && arguments.get(0) instanceof PythonObject;
    }

    /** Returns the parameters of a module by name. */
    public Map<?, ?> parameters() {
        return isCompiled() ? Map.of() : (Map<?, ?>) java.util.Objects.requireNonNull(attribute(PARAMETERS));
    }

    /** Returns the buffers of a module by name. */
    public Map<?, ?> buffers() {
        return isCompiled() ? Map.of() : (Map<?, ?>) java.util.Objects.requireNonNull(attribute(BUFFERS));
    }

    /** Returns the children of a module by name. */
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
