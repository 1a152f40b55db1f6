package org.jtorch.benchmarks.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code jtorch bench} with arguments that match no case. */
class BenchCommandTest {

    @Test
    void refusesPrefixesOfNoCase() {
        CommandLine line = BenchCommand.commandLine();
        StringWriter err = new StringWriter();
        line.setErr(new PrintWriter(err, true));
        assertEquals(2, line.execute("infer/nonsense", "x"));
        assertEquals(
                "jtorch: no case begins with infer/nonsense or x: cases begin with infer/, train/, optim/, amp/, data/, serve/, tree/, io/, memory/, models/"
                        + " or compiled/, and with --programs with plain/, compiled/ or load/ (see 'jtorch bench --help')\n",
                err.toString().replace("\r\n", "\n"));
    }
}
