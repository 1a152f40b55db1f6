package org.jtorch.internal;

import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Pages of mapped files, which the operating system takes back on request. */
public final class MappedPages {

    /** {@code MADV_DONTNEED}, the same number wherever there is such a call. */
    private static final int DONT_NEED = 4;

    private MappedPages() {}

    /** The calls, looked up with the first use. */
    private static final class Calls {
        static final Function ADVISE = Function.getFunction("c", "madvise");
        static final long PAGE = Function.getFunction("c", "getpagesize").invokeInt(new Object[0]);

        private Calls() {}
    }

    /**
     * Takes the pages of a private mapping of a file out of memory; they are read from the file again at the next touch. It
     * is advice: nothing happens where the system has no such call. A mapping begins and ends with a page, so that whole pages
     * around the part belong to it too.
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
