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
 * The records in a value whose classes and functions are neither known nor allowed. Known are PyTorch's own modules, which whole models
 * are made of, modules of any class, and what PyTorch's, numpy's and Python's own values are made of that have no other form here.
 */
public final class UnknownClasses implements ContentsWalk.Visitor {

    /** Places of one class that are told. */
    private static final int PLACES = 3;

    /** What a record may be of. */
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

    /** What may be there by its name alone. */
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
     * The unknown classes and functions in {@code value}, in the order in which they are met.
     *
     * @param allowed further names that are known
     * @return for each the paths of the first few places, {@code hyper_parameters.args}; empty text for the value itself
     */
    public static Map<String, List<String>> in(@Nullable Object value, Predicate<String> allowed) {
        UnknownClasses unknown = new UnknownClasses(allowed);
        ContentsWalk.replace(value, unknown);
        return unknown.found;
    }

    /**
     * Refuses a file whose value is itself an object or a name that is neither known nor allowed, and in which there is no tensor: there is
     * nothing in it that one could ask for.
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

    /** Whether there may be objects of this name in a value that is given without asking. */
    public static boolean isKnownCall(String name) {
        return name.indexOf(':') < 0 && (begins(name, OBJECTS) || StorageType.isClass(name) || isBuiltin(name));
    }

    /** Whether this name may stand in a value that is given without asking. */
    public static boolean isKnown(PythonGlobal global) {
        String name = global.name();
        return name.indexOf(':') < 0 && (begins(name, NAMES) || isBuiltin(name));
    }

    /**
     * The unknown classes and functions in a file, whether their results are in its value or were dropped, overwritten or used up. What
     * is not in the value has no places.
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
