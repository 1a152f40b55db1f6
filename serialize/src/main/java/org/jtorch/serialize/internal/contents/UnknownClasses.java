package org.jtorch.serialize.internal.contents;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.internal.pickle.Internal;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.PythonValue;

/**
 * Finds the records in a value whose classes and functions are neither known nor allowed. Known are PyTorch's own modules,
 * of which whole models consist, modules of any class, and the parts of values of PyTorch, numpy and Python that have no
 * other form here.
 */
public final class UnknownClasses implements ContentsWalk.Visitor {

    /** The number of places of one class in a message. */
    private static final int PLACES = 3;

    /** The known classes of records. */
    private static final List<String> OBJECTS = List.of(
            "torch.nn.",
            "torch._C._nn.",
            "torch.fx.",
            "torch.nested.",
            "torch.ScriptObject",
            "torch._dynamo.",
            "torch.distributed.",
            "torch.optim.",
            "torch._utils._rebuild_",
            "numpy.ma.",
            "numpy.ndarray",
            "numpy.random.",
            "numpy.rec.",
            "numpy.dtype",
            "numpy._core.multiarray.scalar",
            "numpy.core.multiarray.scalar",
            "collections.",
            "safetensors.");

    /** The prefixes of names that are known. */
    private static final List<String> NAMES = List.of("torch.", "numpy.", "collections.", "typing.");

    private static final Set<String> BUILTINS = Set.of(
            "bool",
            "bytearray",
            "bytes",
            "complex",
            "dict",
            "float",
            "frozenset",
            "int",
            "list",
            "object",
            "range",
            "set",
            "slice",
            "str",
            "tuple",
            "type");

    private final Predicate<String> allowed;
    private final Map<String, List<String>> found = new LinkedHashMap<>();
    private final Set<String> modules = new HashSet<>();
    private int tensors;

    private UnknownClasses(Predicate<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * Returns the unknown classes and functions in {@code value}, in the order in which they occur.
     *
     * @param allowed additional names that are known
     * @return the paths of the first few places of each, such as {@code hyper_parameters.args}; an empty string stands for
     *     the value itself
     */
    public static Map<String, List<String>> in(@Nullable Object value, Predicate<String> allowed) {
        UnknownClasses unknown = new UnknownClasses(allowed);
        ContentsWalk.replace(value, unknown);
        return unknown.found;
    }

    /**
     * Refuses a file whose value is itself an object or a name that is neither known nor allowed, and does not contain a
     * tensor: nothing in it can be read.
     */
    public static void refuseAlone(Contents contents, Reading reading) {
        Object root = contents.root() instanceof Internal internal ? internal.record() : contents.root();
        if (!(root instanceof PythonObject) && !(root instanceof PythonGlobal)) {
            return;
        }
        UnknownClasses unknown = new UnknownClasses(reading::allows);
        ContentsWalk.replace(root, unknown);
        boolean itself = unknown.found.values().stream().anyMatch(places -> places.contains(""));
        if (itself && unknown.tensors == 0) {
            throw new UnknownClassException(unknown.found);
        }
    }

    @Override
    public Object visit(ContentsWalk.Path path, StoredTensor tensor) {
        tensors++;
        return tensor;
    }

    @Override
    public void record(ContentsWalk.Path path, PythonValue value) {
        String name;
        if (value instanceof PythonObject object) {
            name = object.name();
            if (object.isModule() && object.arguments().size() == 0) {
                modules.add(name);
            }
            if (object.isModule() || isKnownCall(name) || allowed.test(name)) {
                return;
            }
        } else {
            name = ((PythonGlobal) value).name();
            if (isKnown((PythonGlobal) value) || allowed.test(name)) {
                return;
            }
        }
        List<String> places = found.computeIfAbsent(name, n -> new ArrayList<>());
        if (places.size() < PLACES) {
            places.add(path.toString());
        }
    }

    /** Returns whether an object of this name may be in a value without permission. */
    public static boolean isKnownCall(String name) {
        return name.indexOf(':') < 0 && (begins(name, OBJECTS) || StorageType.isClass(name) || isBuiltin(name));
    }

    /** Returns whether this name may be in a value without permission. */
    public static boolean isKnown(PythonGlobal global) {
        String name = global.name();
        return name.indexOf(':') < 0 && (begins(name, NAMES) || isBuiltin(name));
    }

    /**
     * Returns the unknown classes and functions in a file, even if their results are not in its value because they were
     * dropped, overwritten or used up. Those that are not in the value have no places.
     */
    public static Map<String, List<String>> anywhereIn(Contents contents, Predicate<String> allowed) {
        UnknownClasses unknown = new UnknownClasses(allowed);
        ContentsWalk.replace(contents.root(), unknown);
        contents.names().stream()
                .filter(name -> !unknown.modules.contains(name) && !allowed.test(name))
                .forEach(name -> unknown.found.computeIfAbsent(name, n -> new ArrayList<>()));
        return unknown.found;
    }

    private static boolean begins(String name, List<String> beginnings) {
        return beginnings.stream().anyMatch(name::startsWith);
    }

    private static boolean isBuiltin(String name) {
        return name.startsWith("builtins.") && BUILTINS.contains(name.substring("builtins.".length()));
    }
}
