package org.jtorch.internal.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Maps files without reserving memory for their pages, and returns pages to the operating system. */
public final class MappedPages {

    /** {@code MADV_DONTNEED}, which has the same number on all systems that have the call. */
    private static final int DONT_NEED = 4;

    private static final int READ_AND_WRITE = 3;

    /** {@code MAP_PRIVATE | MAP_NORESERVE} on Linux. */
    private static final int PRIVATE_UNRESERVED = 0x2 | 0x4000;

    private static final int CLOSE_ON_EXEC = 0x80000;

    private MappedPages() {}

    /** The native calls, looked up on first use. */
    private static final class Calls {
        static final Function ADVISE = Function.getFunction("c", "madvise");
        static final long PAGE = Function.getFunction("c", "getpagesize").invokeInt(new Object[0]);

        private Calls() {}
    }

    /**
     * Maps the first {@code length} bytes of a file for this process, until {@link #unmap}. The system does not reserve
     * memory for writes, so the file may be larger than the memory.
     *
     * @return the address, or 0 if the system does not support it
     */
    public static long map(String path, long length) {
        if (!Platform.isLinux()) {
            return 0;
        }
        int file = Function.getFunction("c", "open").invokeInt(new Object[] {path, CLOSE_ON_EXEC});
        if (file < 0) {
            return 0;
        }
        try {
            Pointer start = Function.getFunction("c", "mmap").invokePointer(new Object[] {
                Pointer.NULL, new NativeLong(length, true), READ_AND_WRITE, PRIVATE_UNRESERVED, file, new NativeLong(0)
            });
            long address = Pointer.nativeValue(start);
            return address == -1 ? 0 : address;
        } finally {
            Function.getFunction("c", "close").invokeInt(new Object[] {file});
        }
    }

    /** Ends a mapping of {@link #map}. */
    public static void unmap(long address, long length) {
        Function.getFunction("c", "munmap")
                .invokeInt(new Object[] {new Pointer(address), new NativeLong(length, true)});
    }

    /**
     * Removes the pages of a private mapping of a file from memory. The next access reads them from the file again. This is
     * a hint, without effect if the system has no such call. Whole pages are removed, including those at both ends of the
     * part.
     */
    public static void drop(long address, long length) {
        if (length <= 0 || !Platform.isLinux()) {
            return;
        }
        long start = address - address % Calls.PAGE;
        Calls.ADVISE.invokeInt(
                new Object[] {new Pointer(start), new NativeLong(address + length - start, true), DONT_NEED});
    }
}
