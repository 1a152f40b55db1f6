package org.jtorch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the gradient goes of a leaf whose data was replaced between the forward and the backward.
 *
 * <p>PyTorch replaces the data within the native leaf, so the graph goes on knowing it. Here the tensor object gets another
 * native leaf, since an operation of another thread may be reading the old one at that moment. The graph then brings the
 * gradient to the old leaf. As long as a graph knows that leaf, it is remembered here, and what came is handed to the tensor
 * object when its gradient is asked for.
 */
final class RetiredLeaves {

    /** How many calls of {@link #lookAgain} there are between two looks for leaves that no graph knows any more. */
    private static final int LOOK = 64;

    /** By the object that held them; guarded by itself. */
    private static final Map<Tensor, List<Retired>> LEAVES = new WeakHashMap<>();

    /** Whether there is any. */
    private static volatile boolean any;

    private static int asked; // a race at worst moves a look

    private RetiredLeaves() {}

    /** A native leaf that a graph may still bring a gradient to; afterwards, the gradient that came. */
    private static final class Retired {
        private org.bytedeco.pytorch.@Nullable Tensor leaf;
        private org.bytedeco.pytorch.@Nullable Tensor grad;

        Retired(org.bytedeco.pytorch.Tensor leaf) {
            this.leaf = new org.bytedeco.pytorch.Tensor(leaf);
        }

        /** Takes what came; if no graph brings more, lets the leaf go. */
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

        /** What came since it was asked last, the caller's to close; or null. */
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

    /** Takes a leaf's gradient away from it. */
    private static org.bytedeco.pytorch.@Nullable Tensor take(org.bytedeco.pytorch.Tensor leaf) {
        org.bytedeco.pytorch.Tensor grad = new org.bytedeco.pytorch.Tensor(leaf.grad());
        if (!grad.defined()) {
            grad.close();
            return null;
        }
        leaf.mutable_grad().put(Ops.UNDEFINED);
        return grad;
    }

    /** {@code tensor} holds {@code current} in place of {@code old} from now on: with its gradient, and with what comes to it. */
    static void replace(Tensor tensor, org.bytedeco.pytorch.Tensor old, org.bytedeco.pytorch.Tensor current) {
        try (org.bytedeco.pytorch.Tensor grad = take(old)) {
            if (grad != null) {
                current.mutable_grad().put(grad);
            }
        }
        if (old.use_count() > 1) { // a graph knows it, or somebody who uses it at this moment
            synchronized (LEAVES) {
                look();
                LEAVES.computeIfAbsent(tensor, t -> new ArrayList<>(1)).add(new Retired(old));
                any = true;
            }
        }
    }

    /** Adds to the gradient of {@code current}, which {@code tensor} holds, what came to leaves that it held before. */
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

    /** Drops what came to leaves that {@code tensor} held before. */
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

    /** Now and then lets go of leaves that no graph knows any more, whose memory would be kept for nothing. */
    static void lookAgain() {
        if (any && (++asked & (LOOK - 1)) == 0) {
            synchronized (LEAVES) {
                look();
            }
        }
    }

    /** How many native leaves are remembered. */
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

    /** As the engine does: what is there first keeps its dtype, and a gradient has the strides of its leaf. */
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
