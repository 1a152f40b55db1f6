package org.jtorch.serialize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.TensorScope;
import org.jtorch.serialize.format.CheckpointException;

/** A process of its own, in which all hostile files are refused: prints how many, and by how many KiB it grew at most. */
final class HostileMemory {

    private HostileMemory() {}

    public static void main(String[] arguments) throws IOException {
        Checkpoint.load(Recorded.file("state_dict.pt")).stateDict();
        long before = peak();
        int refused = 0;
        for (Path file : Recorded.files("hostile")) {
            try (TensorScope scope = new TensorScope()) {
                Checkpoint.load(file).stateDict();
            } catch (CheckpointException e) {
                refused++;
            }
        }
        System.out.println(refused + " " + (peak() - before));
    }

    /** Returns the peak of this process's resident memory in KiB, or 0 if the system does not report it. */
    private static long peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }
}
