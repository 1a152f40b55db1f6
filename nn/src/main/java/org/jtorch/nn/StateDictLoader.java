package org.jtorch.nn;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.Copying;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.StateDictMetadata;
import org.jtorch.nn.internal.StateDictTree;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;

/**
 * One load of a state dict. It first finds everything that does not match, and changes the module only if there are no errors.
 * The time is proportional to the number of keys.
 *
 * <p>Copies between ordinary tensors cannot fail. Any other change is first tried on a copy, and every change is recorded so
 * that it can be undone if one fails nevertheless.
 *
 * <p>User code that runs during the load (a post-hook, extra state, an overridden {@code loadFrom}) finds its module loaded, as
 * in PyTorch. Changes made for it are undone if the load fails in the end.
 */
final class StateDictLoader {

    private static final Logger LOG = System.getLogger(Module.class.getName());

    private static final String ASSIGN = "assign_to_params_buffers";

    /** A tensor of the state dict to be put in the module. */
    private record Change(String key, Tensor target, Tensor source, boolean assign) {}

    /** A child module, its key in the parent, and the entries for it. */
    private record Child(
            String name, Module<?, ?> module, @Nullable StateDictTree tree) {}

    private final Module<?, ?> root;
    private final Map<String, ? extends Tensor> stateDict;
    private final boolean strict;
    private final boolean assign;

    final List<String> missing = new ArrayList<>();
    final List<String> unexpected = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    private final List<SizeMismatch> mismatches = new ArrayList<>();

    private final List<Change> pending = new ArrayList<>();
    /** Whether one of the changes might fail. */
    private boolean unsure;
    /** Undoes the changes made before the end; the last action undoes the last change. */
    private final List<Runnable> undo = new ArrayList<>();
    /** Copies of the values that early changes replaced. */
    private final List<Tensor> backups = new ArrayList<>();
    /**
     * For each target that was changed early, the index of the first change after that; earlier changes must not overwrite it.
     */
    private final Map<Tensor, Integer> settled = new IdentityHashMap<>();

    private @Nullable StateDictMetadata metadata;

    StateDictLoader(Module<?, ?> root, Map<String, ? extends Tensor> stateDict, boolean strict, boolean assign) {
        this.root = root;
        this.stateDict = stateDict;
        this.strict = strict;
        this.assign = assign;
    }

    IncompatibleKeys load() {
        IncompatibleKeys keys = new IncompatibleKeys(missing, unexpected);
        try {
            Map<String, ? extends @Nullable Object> entries = match();
            if (!fails()) {
                apply(0, false);
            }
            if (fails()) {
                throw failure(keys, entries);
            }
            return keys;
        } catch (RuntimeException | Error e) {
            takeBack(e);
            throw e;
        } finally {
            backups.forEach(Tensor::close);
        }
    }

    /** Finds what does not match, and leaves the module as it is. */
    void check() {
        RuntimeException failed = new IllegalStateException("the check of a state dict could not be undone");
        try {
            Map<String, ? extends @Nullable Object> entries = match();
            if (fails()) {
                throw failure(new IncompatibleKeys(missing, unexpected), entries);
            }
        } finally {
            takeBack(failed);
            backups.forEach(Tensor::close);
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    private Map<String, ? extends @Nullable Object> match() {
        Map<String, ? extends @Nullable Object> entries =
                stateDict instanceof StateDict all ? all.entries() : stateDict;
        visit("", root, StateDictTree.of(entries, ""));
        return entries;
    }

    private boolean fails() {
        return !errors.isEmpty() || (strict && !(missing.isEmpty() && unexpected.isEmpty()));
    }

    private StateDictException failure(IncompatibleKeys keys, Map<String, ? extends @Nullable Object> entries) {
        List<String> lines = new ArrayList<>();
        if (strict && !missing.isEmpty()) {
            lines.add("Missing key(s) in state_dict: " + quoted(missing) + ". ");
        }
        if (strict && !unexpected.isEmpty()) {
            lines.add("Unexpected key(s) in state_dict: " + quoted(unexpected) + ". ");
        }
        lines.addAll(errors);
        return new StateDictException(
                "Error(s) in loading state_dict for " + root.className() + ":\n\t" + String.join("\n\t", lines),
                keys,
                errors,
                new StateDictHelp(root, entries, keys, mismatches).lines());
    }

    // --- the walk ----------------------------------------------------------------------------------------------

    private void visit(String prefix, Module<?, ?> module, @Nullable StateDictTree tree) {
        StateDictHooks before = module.stateDictHooks();
        List<Child> children;
        if (module.registry().stateDictMethods().loadsItself()
                || module.registry().isDeriving()
                || (before != null && before.hasBeforeLoad())) {
            ModuleLoad load = new ModuleLoad(this, module, prefix, tree);
            module.loadFrom(load);
            children = children(module, load.tree());
        } else {
            children = children(module, tree);
            match(module, prefix, tree, assign);
        }
        for (int i = 0; i < children.size(); i++) {
            Child child = children.get(i);
            visit(prefix + child.name + ".", child.module, child.tree);
        }
        StateDictHooks after = module.stateDictHooks();
        if (after != null && after.hasAfterLoad()) {
            applyEarly(0);
            after.afterLoad(module, new IncompatibleKeys(missing, unexpected));
        }
    }

    /**
     * Returns the direct children with the entries of the state dict for each. From then on, each child reports its own
     * unexpected keys.
     */
    private static List<Child> children(Module<?, ?> module, @Nullable StateDictTree tree) {
        List<Child> children = new ArrayList<>(0);
        module.visitChildren(
                (key, child) -> children.add(new Child(key, child, tree == null ? null : tree.expectModule(key))));
        return children;
    }

    /** Loads a module's own part if there are hooks or an overridden method. */
    void loadOwn(Module<?, ?> module, String prefix, @Nullable StateDictTree tree, Map<String, Object> localMetadata) {
        int first = pending.size();
        children(module, tree);
        match(module, prefix, tree, Boolean.TRUE.equals(localMetadata.get(ASSIGN)));
        if (module.registry().stateDictMethods().loadsItself()) {
            applyEarly(first);
        }
    }

    private void match(Module<?, ?> module, String prefix, @Nullable StateDictTree tree, boolean assigned) {
        int first = pending.size();
        module.registry().forEachParameter((key, parameter) -> match(prefix, key, parameter, tree, assigned));
        module.registry().forEachBuffer((key, buffer) -> {
            if (buffer.isPersistent()) {
                match(prefix, key, buffer, tree, assigned);
            }
        });
        matchExtraState(module, prefix, tree, first);
        if (tree != null) {
            unexpected.addAll(tree.unexpected(module.registry()::holdsAbsentModule));
        }
    }

    private void match(String prefix, String name, Tensor target, @Nullable StateDictTree tree, boolean assigned) {
        StateDictTree.Leaf leaf = tree == null ? null : tree.leaf(name);
        if (leaf == null) {
            missing.add(prefix + name);
            return;
        }
        leaf.expected = true;
        if (!(leaf.value instanceof Tensor source)) {
            errors.add("While copying the parameter named \"" + leaf.key
                    + "\", expected torch.Tensor or Tensor-like object from checkpoint but received "
                    + PythonText.type(leaf.value));
        } else if (target.isUninitialized() && (source.isUninitialized() || !source.isNested())) {
            if (!source.isUninitialized()) {
                unsure = true;
                pending.add(new Change(leaf.key, target, source, assigned));
            }
        } else if (target.isUninitialized() || !source.isUninitialized() && source.isNested() != target.isNested()) {
            errors.add("While copying the parameter named \"" + leaf.key + "\", expected a "
                    + (source.isNested() ? "plain" : "nested") + " tensor from checkpoint but received a "
                    + (source.isNested() ? "nested" : "plain") + " one.");
        } else if (!sameShape(target, source) && !(target.dim() == 0 && source.dim() == 1 && source.size(0) == 1)) {
            mismatches.add(new SizeMismatch(leaf.key, source.shape(), target.shape()));
            errors.add("size mismatch for " + leaf.key + ": copying a param with shape "
                    + PythonText.size(source.shape()) + " from checkpoint, the shape in current model is "
                    + PythonText.size(target.shape()) + ".");
        } else {
            Change change = new Change(leaf.key, target, source, assigned);
            if (!isRefused(change)) {
                pending.add(change);
            }
        }
    }

    private static boolean sameShape(Tensor a, Tensor b) {
        if (a.isNested()) {
            return true; // The copy compares their parts.
        }
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

    /**
     * Returns whether the engine will reject the change. It is checked before any change is made. The reason is added to the
     * errors.
     */
    private boolean isRefused(Change change) {
        Tensor target = change.target;
        Tensor source = change.source;
        if (!change.assign && target.isMeta()) {
            if (!source.isMeta()) {
                LOG.log(
                        Logger.Level.WARNING,
                        "for " + change.key
                                + ": copying from a non-meta parameter in the checkpoint to a meta parameter in "
                                + "the current model, which is a no-op. (Did you mean to pass assign = true to assign items "
                                + "in the state dictionary to their corresponding key in the module instead of copying them "
                                + "in place?)");
            }
            return false;
        }
        if (!change.assign && Copying.isSure(target, source)) {
            return false;
        }
        unsure = true;
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            if (!change.assign) {
                rehearse(target, source);
            } else if (target.requiresGrad() && !source.isFloatingPoint() && !source.isComplex()) {
                source.detach().requiresGrad_(true);
            }
            return false;
        } catch (TorchException e) {
            errors.add(refusal(change, e));
            return true;
        }
    }

    /** Makes the change to a tensor that resembles the target. */
    private static void rehearse(Tensor target, Tensor source) {
        Tensor like = target.detach().clone();
        if (overlapsItself(target)) {
            // No copy resembles it.
            like = like.select(expandedDimension(target), 0)
                    .unsqueeze(expandedDimension(target))
                    .expand(target.shape());
        }
        like.copy_(source.dim() == target.dim() ? source : source.select(0, 0));
    }

    /** Returns whether the tensor is expanded, so that several of its elements share memory. It cannot be written to. */
    private static boolean overlapsItself(Tensor tensor) {
        return tensor.layout() == Layout.STRIDED && !tensor.isNested() && expandedDimension(tensor) >= 0;
    }

    /** Returns a dimension along which the tensor is expanded, or -1. */
    private static int expandedDimension(Tensor tensor) {
        for (int i = 0; i < tensor.dim(); i++) {
            if (tensor.stride(i) == 0 && tensor.size(i) > 1) {
                return i;
            }
        }
        return -1;
    }

    private static String refusal(Change change, TorchException e) {
        return "While copying the parameter named \"" + change.key + "\", whose dimensions in the model are "
                + PythonText.size(change.target.shape()) + " and whose dimensions in the checkpoint are "
                + PythonText.size(change.source.shape()) + ", an exception occurred : ("
                + PythonText.repr(String.valueOf(e.getMessage())) + ",).";
    }

    private void matchExtraState(Module<?, ?> module, String prefix, @Nullable StateDictTree tree, int first) {
        StateDictTree.Leaf leaf = tree == null ? null : tree.leaf(StateDictSaver.EXTRA_STATE);
        StateDictMethods methods = module.registry().stateDictMethods();
        if (leaf != null) {
            leaf.expected = true;
        }
        if (!methods.loadsExtra()) {
            if (leaf != null) {
                unexpected.add(leaf.key);
            }
        } else if (leaf == null) {
            missing.add(prefix + StateDictSaver.EXTRA_STATE);
        } else {
            applyEarly(first);
            if (methods.savesExtra()) {
                Object before = module.getExtraState();
                undo.add(() -> module.setExtraState(before));
            }
            module.setExtraState(leaf.value);
        }
    }

    // --- metadata ----------------------------------------------------------------------------------------------

    /** Returns a copy of the state dict's metadata, which hooks may change. */
    StateDictMetadata metadata() {
        StateDictMetadata current = metadata;
        if (current == null) {
            current = new StateDictMetadata();
            if (stateDict instanceof StateDict withMetadata) {
                current.copyOf((StateDictMetadata) withMetadata.metadata());
            }
            metadata = current;
        }
        return current;
    }

    /** Returns the metadata of the module at {@code prefix}, and whether its tensors are to be replaced. */
    Map<String, Object> localMetadata(String prefix) {
        Map<String, Object> local = metadata().get(StateDictMetadata.path(prefix));
        if (local == null) {
            local = new LinkedHashMap<>();
        }
        if (assign) {
            local.put(ASSIGN, true);
        }
        return local;
    }

    // --- the changes -------------------------------------------------------------------------------------------

    /** Makes the changes from {@code first} on before the remaining modules are examined. They can be undone. */
    private void applyEarly(int first) {
        apply(first, true);
        List<Change> changes = pending.subList(first, pending.size());
        for (Change change : changes) {
            settled.put(change.target, first);
        }
        changes.clear();
        if (first == 0) {
            settled.clear();
        }
    }

    private void apply(int first, boolean early) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            for (int i = first; i < pending.size(); i++) {
                Change change = pending.get(i);
                if (!settled.isEmpty() && i < settled.getOrDefault(change.target, 0)) {
                    continue;
                }
                if (early || unsure) {
                    undo.add(before(change));
                }
                try {
                    apply(change);
                } catch (TorchException e) {
                    errors.add(refusal(change, e));
                }
            }
        }
    }

    private static void apply(Change change) {
        Tensor target = change.target;
        Tensor source = change.source;
        if (target instanceof UninitializedTensor lazy && target.isUninitialized()) {
            lazy.materialize(source.shape());
        }
        // PyTorch before 0.4 had no 0-dimensional tensors and wrote one element instead.
        if (target.dim() == 0 && source.dim() == 1) {
            source = source.select(0, 0);
        }
        if (change.assign) {
            if (target instanceof Parameter) {
                target.setGrad(null);
            }
            if (target instanceof Buffer buffer) {
                buffer.hold(source);
            } else {
                target.setData(source);
            }
        } else {
            target.copy_(source);
        }
    }

    /** Returns an action that restores the state of the target before the change. */
    private Runnable before(Change change) {
        Tensor target = change.target;
        if (target.isUninitialized()) {
            return () -> {
                if (target instanceof UninitializedParameter parameter) {
                    parameter.forgetShape();
                } else if (target instanceof UninitializedBuffer buffer) {
                    buffer.forgetShape();
                }
            };
        }
        if (change.assign) {
            Tensor held = target.data();
            Tensor grad = target instanceof Parameter ? target.grad() : null;
            if (grad != null) {
                grad.unscoped();
            }
            return () -> {
                if (target instanceof Parameter) {
                    target.setGrad(null);
                }
                target.setData(held);
                if (grad != null) {
                    target.setGrad(grad);
                }
            };
        }
        Tensor values = target.detach().clone().unscoped();
        backups.add(values);
        return () -> target.copy_(values);
    }

    /** Undoes all changes. If one cannot be undone, the others still are. */
    private void takeBack(Throwable failure) {
        try (GradMode mode = Autograd.noGrad()) {
            for (int i = undo.size() - 1; i >= 0; i--) {
                try {
                    undo.get(i).run();
                } catch (RuntimeException | Error e) {
                    failure.addSuppressed(e);
                }
            }
        }
    }

    private static String quoted(List<String> keys) {
        return keys.stream().map(k -> '"' + k + '"').collect(Collectors.joining(", "));
    }

    /**
     * A tensor whose shape differs from the model's.
     *
     * @param key the key of the tensor
     * @param file the shape in the state dict
     * @param model the shape in the model
     */
    record SizeMismatch(String key, long[] file, long[] model) {}
}
