package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.internal.PythonText;

/**
 * One load: finds everything that does not match first, and copies only where nothing stands against it. Takes time
 * proportional to the number of keys.
 */
final class StateDictLoader {

    private record Copy(String key, Tensor target, Tensor source) {}

    private final Module<?, ?> root;
    private final Map<String, ? extends Tensor> stateDict;
    private final boolean strict;

    private final List<Copy> copies = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();
    private final Map<String, Integer> moduleOrder = new HashMap<>();

    StateDictLoader(Module<?, ?> root, Map<String, ? extends Tensor> stateDict, boolean strict) {
        this.root = root;
        this.stateDict = stateDict;
        this.strict = strict;
    }

    IncompatibleKeys load() {
        visit("", root);
        List<String> unexpected = unexpected();
        if (strict) {
            if (!unexpected.isEmpty()) {
                errors.add(0, "Unexpected key(s) in state_dict: " + quoted(unexpected) + ". ");
            }
            if (!missing.isEmpty()) {
                errors.add(0, "Missing key(s) in state_dict: " + quoted(missing) + ". ");
            }
        }
        if (!errors.isEmpty()) {
            throw new TorchException(
                    "Error(s) in loading state_dict for " + root.className() + ":\n\t" + String.join("\n\t", errors));
        }
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            for (Copy copy : copies) {
                copy(copy);
            }
        }
        return new IncompatibleKeys(missing, unexpected);
    }

    private static void copy(Copy copy) {
        Tensor source = copy.source;
        if (copy.target instanceof UninitializedTensor lazy && lazy.isUninitialized()) {
            lazy.materialize(source.shape());
        }
        // PyTorch before 0.4 had no 0-dimensional tensors and wrote one element instead
        if (copy.target.dim() == 0 && source.dim() == 1) {
            source = source.select(0, 0);
        }
        try {
            copy.target.copy_(source);
        } catch (TorchException e) {
            throw new TorchException(
                    "While copying the parameter named \"" + copy.key + "\", an exception occurred: " + e.getMessage(),
                    e);
        }
    }

    private void visit(String prefix, Module<?, ?> module) {
        moduleOrder.putIfAbsent(prefix, moduleOrder.size());
        module.registry().forEachParameter((key, parameter) -> match(module, prefix, key, parameter));
        module.registry().forEachBuffer((key, buffer, persistent) -> {
            if (persistent) {
                match(module, prefix, key, buffer);
            }
        });
        module.visitChildren((key, child) -> visit(prefix + key + ".", child));
    }

    private void match(Module<?, ?> module, String prefix, String ownKey, Tensor target) {
        String key = prefix + ownKey;
        expected.add(key);
        Tensor source = stateDict.get(key);
        if (source == null) {
            if (!module.mayLack(ownKey, version(prefix))) {
                missing.add(key);
            }
        } else if (UninitializedTensor.isLazy(target)) {
            if (!UninitializedTensor.isLazy(source)) {
                copies.add(new Copy(key, target, source));
            }
        } else if (sameShape(target, source) || (target.dim() == 0 && source.dim() == 1 && source.size(0) == 1)) {
            copies.add(new Copy(key, target, source));
        } else {
            errors.add("size mismatch for " + key + ": copying a param with shape " + PythonText.size(source.shape())
                    + " from checkpoint, the shape in current model is " + PythonText.size(target.shape()) + ".");
        }
    }

    /** The version of the class at a path that wrote the state dict, where it tells. */
    private @Nullable Long version(String prefix) {
        if (stateDict instanceof StateDict withMetadata) {
            String path = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
            Map<String, Object> entries = withMetadata.metadata().get(path);
            if (entries != null && entries.get("version") instanceof Number version) {
                return version.longValue();
            }
        }
        return null;
    }

    private static boolean sameShape(Tensor a, Tensor b) {
        int dim = a.dim();
        if (dim != b.dim()) {
            return false;
        }
        for (int i = 0; i < dim; i++) {
            if (a.size(i) != b.size(i)) {
                return false;
            }
        }
        return true;
    }

    /** In PyTorch's order: by the module that a key points into, parents first, and there as the state dict has them. */
    private List<String> unexpected() {
        List<String> keys = new ArrayList<>();
        for (String key : stateDict.keySet()) {
            if (!expected.contains(key)) {
                keys.add(key);
            }
        }
        keys.sort(Comparator.comparing(this::owner));
        return keys;
    }

    private int owner(String key) {
        for (int dot = key.lastIndexOf('.'); dot >= 0; dot = key.lastIndexOf('.', dot - 1)) {
            Integer order = moduleOrder.get(key.substring(0, dot + 1));
            if (order != null) {
                return order;
            }
        }
        return 0;
    }

    private static String quoted(List<String> keys) {
        return keys.stream().map(k -> '"' + k + '"').collect(Collectors.joining(", "));
    }
}
