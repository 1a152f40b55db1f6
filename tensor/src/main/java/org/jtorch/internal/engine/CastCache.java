package org.jtorch.internal.engine;

import java.util.Map;
import java.util.WeakHashMap;
import org.bytedeco.pytorch.global.torch;

/**
 * Decides which threads may use the engine's cache of cast weights. The engine has one cache for the process. It finds a
 * cast by its weight only. It does not look whether the cast was recorded, to which dtype it was made, or whether the
 * weight was changed since.
 *
 * <p>This class therefore empties the cache whenever a thread with autocast changes its modes: when autocast begins or ends,
 * and when {@code noGrad} begins or ends, in which weights may be changed in place. A thread uses the cache only if all
 * threads that use it at that time have the same modes. Otherwise it casts a weight at each use.
 */
final class CastCache {

    /** The modes that must be equal. */
    private record Kind(Casts casts, boolean grad, boolean inference) {}

    /** The threads that use the cache. A thread that ends without closing its modes does not keep its entry. */
    private static final Map<Thread, Kind> HOLDERS = new WeakHashMap<>();

    private CastCache() {}

    /**
     * Empties the cache for new modes of the current thread.
     *
     * @return whether the thread may use the cache
     */
    static boolean enter(Casts casts, boolean grad, boolean inference) {
        Thread thread = Thread.currentThread();
        boolean granted;
        synchronized (HOLDERS) {
            HOLDERS.remove(thread);
            granted = casts.cache() && casts.areOn();
            if (granted) {
                Kind kind = new Kind(casts, grad, inference);
                HOLDERS.keySet().removeIf(holder -> !holder.isAlive());
                for (Kind other : HOLDERS.values()) {
                    granted &= other.equals(kind);
                }
                if (granted) {
                    HOLDERS.put(thread, kind);
                }
            }
        }
        torch.clear_cache();
        return granted;
    }
}
