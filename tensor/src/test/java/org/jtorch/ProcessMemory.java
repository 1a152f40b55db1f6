package org.jtorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** The process's memory as the operating system sees it. */
public final class ProcessMemory {

    private ProcessMemory() {}

    /** Resident bytes: Linux's VmRSS, elsewhere what JavaCPP reads. */
    public static long resident() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Pointer.physicalBytes();
        }
        try {
            List<String> lines = Files.readAllLines(status);
            for (String line : lines) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            throw new IllegalStateException("no VmRSS in " + lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
