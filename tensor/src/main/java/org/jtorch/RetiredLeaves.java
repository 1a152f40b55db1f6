package org.jtorch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects gradients of leaves whose data was replaced between the forward and the backward pass.
 *
 * <p>PyTorch replaces the data within the native leaf, so the graph still refers to it. Here the tensor object gets another
 * native leaf, since an operation of another thread may be reading the old one. The graph then adds the gradient to the old
 * leaf. This class remembers the old leaf as long as a graph refers to it, and adds its gradient to the tensor object when
 * that gradient is requested.
 */
final class RetiredLeaves {

    /** The number of calls of {@link #lookAgain} between two searches for leaves that no graph refers to any more. */
    private static final int LOOK = 64;

    /** By the tensor objects that held them; guarded by itself. */
    private static final Map<Tensor, List<Retired>> LEAVES = new WeakHashMap<>();

    /** Whether there are any leaves. */
    private static volatile boolean any;

    private static int asked; // a race only delays a search

    private RetiredLeaves() {}

    /** A native leaf to which a graph may still add a gradient; after that, the gradient. */
    private static final class Retired {
        private org.bytedeco.pytorch.@Nullable Tensor leaf;
        private org.bytedeco.pytorch.@Nullable Tensor grad;

        Retired(org.bytedeco.pytorch.Tensor leaf) {
            this.leaf = new org.bytedeco.pytorch.Tensor(leaf);
        }

        /** Takes the gradient of the leaf, and drops the leaf if no graph refers to it any more. */
        void look() {
            if (leaf == null) {
                return;
            }
            boolean last = leaf.use_count() == 1;
            if (last) {
                grad = take(leaf);
                leaf.close();
                leaf = null;
            }
        }

        /** Returns the gradient that arrived since the last call, which the caller must close, or null. */
        org.bytedeco.pytorch.@Nullable Tensor taken() {
            look();
            org.bytedeco.pytorch.Tensor taken = leaf == null ? grad : take(leaf);
            grad = null;
            return taken;
        }

        boolean isDone() {
            return leaf == null && grad == null;
        }
    }

    /** Takes the gradient of a leaf away from it, and returns it. */
    private static org.bytedeco.pytorch.@Nullable Tensor take(org.bytedeco.pytorch.Tensor leaf) {
        org.bytedeco.pytorch.Tensor grad = new org.bytedeco.pytorch.Tensor(leaf.grad());
        if (!grad.defined()) {
            grad.close();
            return null;
        }
        leaf.mutable_grad().put(Ops.UNDEFINED);
        return grad;
    }

    /** Records that {@code tensor} now holds {@code current} instead of {@code old}, and moves the gradient. */
    static void replace(Tensor tensor, org.bytedeco.pytorch.Tensor old, org.bytedeco.pytorch.Tensor current) {
        try (org.bytedeco.pytorch.Tensor grad = take(old)) {
            if (grad != null) {
                current.mutable_grad().put(grad);
            }
        }
        if (old.use_count() > 1) { // a graph refers to it, or a thread is using it
            synchronized (LEAVES) {
                look();
                LEAVES.computeIfAbsent(tensor, t -> new ArrayList<>(1)).add(new Retired(old));
                any = true;
            }
        }
    }

    /** Adds the gradients of leaves that {@code tensor} held before to that of {@code current}, which it holds now. */
    static void collect(Tensor tensor, org.bytedeco.pytorch.Tensor current) {
        if (!any) {
            return;
        }
        synchronized (LEAVES) {
            for (Retired retired : LEAVES.getOrDefault(tensor, List.of())) {
                try (org.bytedeco.pytorch.Tensor grad = retired.taken()) {
                    if (grad != null) {
                        accumulate(current, grad);
                    }
                }
            }
            look();
        }
    }

    /** Drops the gradients of leaves that {@code tensor} held before. */
    static void clear(Tensor tensor) {
        if (!any) {
            return;
        }
        synchronized (LEAVES) {
            for (Retired retired : LEAVES.getOrDefault(tensor, List.of())) {
                org.bytedeco.pytorch.Tensor grad = retired.taken();
                if (grad != null) {
                    grad.close();
                }
            }
            look();
        }
    }

    /** From time to time, drops leaves that no graph refers to any more, which would otherwise keep their memory. */
    static void lookAgain() {
        if (any && (++asked & (LOOK - 1)) == 0) {
            synchronized (LEAVES) {
                look();
            }
        }
    }

    /** Returns the number of native leaves that are remembered. */
    static int count() {
        synchronized (LEAVES) {
            look();
            return LEAVES.values().stream().mapToInt(List::size).sum();
        }
    }

    private static void look() {
        for (Iterator<List<Retired>> all = LEAVES.values().iterator(); all.hasNext(); ) {
            List<Retired> leaves = all.next();
            leaves.forEach(Retired::look);
            leaves.removeIf(Retired::isDone);
            if (leaves.isEmpty()) {
                all.remove();
            }
        }
        any = !LEAVES.isEmpty();
    }

    /**
     * Accumulates a gradient as the engine does: the existing one keeps its dtype, and a new one gets the strides of its
     * leaf.
     */
    private static void accumulate(org.bytedeco.pytorch.Tensor leaf, org.bytedeco.pytorch.Tensor grad) {
        org.bytedeco.pytorch.Tensor slot = leaf.mutable_grad();
        if (!slot.defined()) {
            slot.put(laidOutAs(leaf, grad));
        } else if (slot.requires_grad() || grad.requires_grad()) {
            slot.put(slot.add(grad));
        } else {
            slot.add_(grad);
        }
    }

    private static org.bytedeco.pytorch.Tensor laidOutAs(
            org.bytedeco.pytorch.Tensor leaf, org.bytedeco.pytorch.Tensor grad) {
        if (grad.requires_grad()
                || grad.is_sparse()
                || leaf.is_sparse()
                || !leaf.is_non_overlapping_and_dense()
                || leaf.dim() != grad.dim()) {
            return grad;
        }
        boolean same = true;
        for (long i = 0; i < leaf.dim(); i++) {
            if (leaf.size(i) != grad.size(i)) {
                return grad;
            }
            same &= leaf.stride(i) == grad.stride(i);
        }
        return same
                ? grad
                : grad.new_empty_strided(leaf.sizes(), leaf.strides()).copy_(grad);
    }
}
