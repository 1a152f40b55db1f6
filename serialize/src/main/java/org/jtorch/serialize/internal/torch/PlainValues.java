package org.jtorch.serialize.internal.torch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.CopyBudget;
import org.jtorch.serialize.internal.pickle.Arguments;
import org.jtorch.serialize.internal.pickle.Global;
import org.jtorch.serialize.internal.pickle.Keys;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.pickle.NotUnderstoodException;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Values of Python and PyTorch that pickles create by calls. */
public final class PlainValues {

    /** The same limit as for names in pickles. */
    private static final int LONGEST_NAME = 1000;

    private final Keys keys;
    private final CopyBudget copies;

    PlainValues(Keys keys, CopyBudget copies) {
        this.keys = keys;
        this.copies = copies;
    }

    void addTo(BiConsumer<String, Function<Arguments, @Nullable Object>> names) {
        names.accept("torch.Size", this::size);
        names.accept("torch.device", PlainValues::device);
        names.accept("torch.serialization._get_layout", PlainValues::layout);
        names.accept("collections.OrderedDict", this::orderedDict);
        names.accept("collections.Counter", this::counter);
        names.accept("collections.defaultdict", this::defaultDict);
        names.accept("_codecs.encode", this::encode);
        names.accept("copyreg._reconstructor", this::reconstructor);
        names.accept("builtins.set", this::set);
        names.accept("builtins.frozenset", a -> new FrozenSet(set(a)));
        names.accept("builtins.complex", a -> new Complex(a.expect(2, 2).number(0), a.number(1)));
        names.accept("builtins.bytes", a -> a.expect(0, 2).count() == 0 ? new byte[0] : bytearray(a));
        names.accept("builtins.bytearray", this::bytearray);
        names.accept("builtins.list", a -> new ArrayList<>(elements(a)));
        names.accept("builtins.tuple", a -> new Tuple(elements(a)));
        names.accept("builtins.dict", this::dict);
        names.accept("builtins.getattr", this::attribute);
    }

    private Size size(Arguments arguments) {
        copies.take(elements(arguments.expect(1, 1)).size());
        return Size.of(arguments.integers(0));
    }

    private static Device device(Arguments arguments) {
        String type = arguments.expect(1, 2).get(0, String.class);
        if (type.length() > 40) {
            throw arguments.wrong(0, "the name of a device");
        }
        try {
            return arguments.count() == 1 ? Device.of(type) : new Device(type, Math.toIntExact(arguments.integer(1)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException("a torch.device is damaged: " + e.getMessage(), e);
        }
    }

    private static Layout layout(Arguments arguments) {
        String name = arguments.expect(1, 1).get(0, String.class);
        for (Layout layout : Layout.values()) {
            if (layout.toString().equals(name)) {
                return layout;
            }
        }
        throw arguments.wrong(0, "the name of a layout");
    }

    /** Returns the name of a function of a class, or of a class inside of another, which is inert as all names. */
    private PythonGlobal attribute(Arguments arguments) {
        Object owner = arguments.expect(2, 2).get(0);
        String name = owner instanceof Global known
                ? known.name()
                : owner instanceof PythonGlobal unknown ? unknown.name() : null;
        if (name != null && !TorchEnvironment.isClass(name.substring(name.lastIndexOf('.') + 1))) {
            throw new NotUnderstoodException("an attribute of a function or module");
        }
        String full = name + "." + arguments.get(1, String.class);
        if (name == null || full.length() > LONGEST_NAME) {
            throw new NotUnderstoodException("an attribute of " + Kinds.of(owner));
        }
        copies.take(full.length());
        return new PythonGlobal(full);
    }

    // --- containers --------------------------------------------------------------------------------------------

    private OrderedDict orderedDict(Arguments arguments) {
        OrderedDict dict = new OrderedDict();
        // Python 2 passes the items as a list of pairs; later versions set them one by one
        if (arguments.expect(0, 1).count() == 1) {
            for (Object pair : elements(arguments)) {
                List<?> items =
                        pair instanceof List<?> list ? list : pair instanceof Tuple tuple ? tuple.values() : List.of();
                if (items.size() != 2) {
                    throw arguments.wrong(0, "a list of pairs");
                }
                keys.put(dict, items.get(0), items.get(1));
            }
        }
        return dict;
    }

    private Map<?, ?> dict(Arguments arguments) {
        return arguments.expect(0, 1).count() == 1 && arguments.get(0) instanceof Map
                ? new LinkedHashMap<@Nullable Object, @Nullable Object>(entries(arguments, 0))
                : new LinkedHashMap<@Nullable Object, @Nullable Object>(orderedDict(arguments));
    }

    private Map<?, ?> entries(Arguments arguments, int index) {
        Map<?, ?> entries = arguments.get(index, Map.class);
        copies.take(entries.size());
        return entries;
    }

    private Counter counter(Arguments arguments) {
        return arguments.expect(0, 1).count() == 0 ? new Counter() : new Counter(entries(arguments, 0));
    }

    private DefaultDict defaultDict(Arguments arguments) {
        arguments.expect(0, 2);
        DefaultDict dict = new DefaultDict(arguments.count() == 0 ? null : factory(arguments));
        if (arguments.count() == 2) {
            dict.putAll(entries(arguments, 1));
        }
        return dict;
    }

    private static @Nullable String factory(Arguments arguments) {
        Object factory = arguments.get(0);
        if (factory == null) {
            return null;
        }
        return factory instanceof PythonGlobal global
                ? global.name()
                : arguments.get(0, Global.class).name();
    }

    private Set<@Nullable Object> set(Arguments arguments) {
        Set<@Nullable Object> set = new LinkedHashSet<>();
        for (Object value : elements(arguments)) {
            keys.add(set, value);
        }
        return set;
    }

    private List<?> elements(Arguments arguments) {
        if (arguments.expect(0, 1).count() == 0) {
            return List.of();
        }
        List<?> elements = arguments.get(0) instanceof Tuple tuple ? tuple.values() : arguments.get(0, List.class);
        copies.take(elements.size());
        return elements;
    }

    /**
     * Returns the result of {@code copyreg._reconstructor(class, base, value)}, with which the protocols 0 and 1 create
     * objects.
     */
    private PythonObject reconstructor(Arguments arguments) {
        Object type = arguments.expect(3, 3).get(0);
        PythonObject object;
        if (type instanceof PythonGlobal global) {
            object = new PythonObject(global.name(), Tuple.EMPTY, Map.of());
        } else {
            throw new NotUnderstoodException("an object is created from " + Kinds.of(type));
        }
        Object value = arguments.get(2);
        if (value instanceof List<?> list) {
            copies.take(list.size());
            object.items().addAll(list);
        } else if (value instanceof Map<?, ?> map) {
            copies.take(map.size());
            object.entries().putAll(map);
        } else if (value != null) {
            throw new NotUnderstoodException("an object of " + object.name() + " is " + Kinds.of(value));
        }
        return object;
    }

    // --- bytes -------------------------------------------------------------------------------------------------

    /** Returns bytes in a protocol that has none: each character of a text is a byte. */
    private byte[] encode(Arguments arguments) {
        String text = arguments.expect(2, 2).get(0, String.class);
        String encoding = arguments.get(1, String.class).toLowerCase(Locale.ROOT);
        if (!encoding.equals("latin1") && !encoding.equals("latin-1")) {
            throw new NotUnderstoodException("bytes are given as text in another encoding than latin1");
        }
        copies.take(text.length());
        if (text.chars().anyMatch(c -> c > 0xff)) {
            throw new CheckpointException("bytes are given as text that is not latin1");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] bytearray(Arguments arguments) {
        if (arguments.expect(0, 2).count() == 0) {
            return new byte[0];
        }
        return arguments.count() == 2 ? encode(arguments) : arguments.get(0, byte[].class);
    }
}
