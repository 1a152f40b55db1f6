package org.jtorch;

import java.util.function.ToLongFunction;
import org.bytedeco.pytorch.Stat;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.internal.engine.EngineErrors;

/**
 * NVIDIA's GPUs, as PyTorch's {@code torch.cuda}. On a machine without one, {@link #isAvailable} is false and nothing is
 * allocated; methods that need a device throw a {@link TorchException}.
 */
public final class Cuda {

    static {
        Ops.load();
    }

    private Cuda() {}

    /**
     * The memory of a device in bytes.
     *
     * @param free the memory that no process uses
     * @param total all memory
     */
    public record MemoryInfo(long free, long total) {}

    /** Returns whether there is a device that the engine can use. */
    public static boolean isAvailable() {
        return torch.cuda_is_available();
    }

    /** Returns the number of devices; 0 if there is none. */
    public static int deviceCount() {
        return isAvailable() ? torch.cuda_device_count() : 0;
    }

    /**
     * Returns the index of the device that is used if none is named.
     *
     * @throws TorchException if there is no device
     */
    public static int currentDevice() {
        checkAvailable();
        return torch.getDeviceIndex();
    }

    /**
     * Waits until all work on the current device is done.
     *
     * @throws TorchException if there is no device, or if earlier work on it failed
     */
    public static void synchronize() {
        checkAvailable();
        try {
            torch.cuda_synchronize();
        } catch (RuntimeException e) {
            throw Ops.failure("synchronize", e);
        }
    }

    /**
     * Waits until all work on a device is done.
     *
     * @param device the index of the device
     * @throws TorchException if there is no device, or if earlier work on it failed
     * @throws IllegalArgumentException if there is no device with this index
     */
    public static void synchronize(int device) {
        checkAvailable();
        check(device);
        try {
            torch.cuda_synchronize(device);
        } catch (RuntimeException e) {
            throw Ops.failure("synchronize", e);
        }
    }

    /** Returns cached memory that no tensor uses to the system. Does nothing if there is no device. */
    public static void emptyCache() {
        if (isAvailable()) {
            try {
                torch.emptyCache();
            } catch (RuntimeException e) {
                throw Ops.failure("empty_cache", e);
            }
        }
    }

    /** Returns the number of bytes that the tensors of the current device use; 0 if there is no device. */
    public static long memoryAllocated() {
        return isAvailable() ? memoryAllocated(currentDevice()) : 0;
    }

    /**
     * Returns the number of bytes that the tensors of a device use; 0 if there is no device at all.
     *
     * @throws IllegalArgumentException if there are devices but none with this index
     */
    public static long memoryAllocated(int device) {
        return stat(device, stats -> current(stats.allocated_bytes()));
    }

    /** Returns the peak number of bytes that tensors of the current device used; 0 if there is no device. */
    public static long maxMemoryAllocated() {
        return isAvailable() ? maxMemoryAllocated(currentDevice()) : 0;
    }

    /**
     * Returns the peak number of bytes that tensors of a device used, since the start or the last {@link
     * #resetPeakMemoryStats}; 0 if there is no device at all.
     *
     * @throws IllegalArgumentException if there are devices but none with this index
     */
    public static long maxMemoryAllocated(int device) {
        return stat(device, stats -> peak(stats.allocated_bytes()));
    }

    /** Returns the number of bytes of the current device that the engine reserves for tensors; 0 if there is no device. */
    public static long memoryReserved() {
        return isAvailable() ? memoryReserved(currentDevice()) : 0;
    }

    /**
     * Returns the number of bytes of a device that the engine reserves for tensors, including its cache; 0 if there is no
     * device at all.
     *
     * @throws IllegalArgumentException if there are devices but none with this index
     */
    public static long memoryReserved(int device) {
        return stat(device, stats -> current(stats.reserved_bytes()));
    }

    /** Returns the peak number of bytes of the current device that the engine reserved; 0 if there is no device. */
    public static long maxMemoryReserved() {
        return isAvailable() ? maxMemoryReserved(currentDevice()) : 0;
    }

    /**
     * Returns the peak number of bytes of a device that the engine reserved, since the start or the last {@link
     * #resetPeakMemoryStats}; 0 if there is no device at all.
     *
     * @throws IllegalArgumentException if there are devices but none with this index
     */
    public static long maxMemoryReserved(int device) {
        return stat(device, stats -> peak(stats.reserved_bytes()));
    }

    /** Resets the peaks of the current device. Does nothing if there is no device. */
    public static void resetPeakMemoryStats() {
        if (isAvailable()) {
            resetPeakMemoryStats(currentDevice());
        }
    }

    /**
     * Resets the peaks that {@link #maxMemoryAllocated} and {@link #maxMemoryReserved} return. Does nothing if there is no
     * device at all.
     *
     * @param device the index of the device
     * @throws IllegalArgumentException if there are devices but none with this index
     */
    public static void resetPeakMemoryStats(int device) {
        if (!isAvailable()) {
            return;
        }
        check(device);
        try {
            torch.resetPeakStats((byte) device);
        } catch (RuntimeException e) {
            throw Ops.failure("reset_peak_memory_stats", e);
        }
    }

    /**
     * Returns the memory of a device ({@code torch.cuda.mem_get_info}).
     *
     * @param device the index of the device
     * @throws TorchException if there is no device
     * @throws IllegalArgumentException if there is no device with this index
     */
    public static MemoryInfo memGetInfo(int device) {
        checkAvailable();
        check(device);
        try (var info = torch.getMemoryInfo((byte) device)) {
            return new MemoryInfo(info.first(), info.second());
        } catch (RuntimeException e) {
            throw Ops.failure("mem_get_info", e);
        }
    }

    private static long stat(int device, ToLongFunction<DeviceStats> which) {
        if (!isAvailable()) {
            return 0;
        }
        check(device);
        try (DeviceStats stats = torch.getDeviceStats((byte) device)) {
            return which.applyAsLong(stats);
        } catch (RuntimeException e) {
            throw Ops.failure("memory_stats", e);
        }
    }

    /**
     * Returns a current value. The engine counts small and large blocks separately, too; the first number is for all of
     * them.
     */
    private static long current(Stat stat) {
        return stat.current();
    }

    private static long peak(Stat stat) {
        return stat.peak();
    }

    private static void checkAvailable() {
        if (!isAvailable()) {
            throw new TorchException(EngineErrors.noDevice("cuda"));
        }
    }

    private static void check(int device) {
        int count = deviceCount();
        if (device < 0 || device >= count) {
            throw new IllegalArgumentException(
                    "there is no CUDA device " + device + ": there are " + count + ", counted from 0");
        }
    }
}
