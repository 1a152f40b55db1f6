package org.jtorch.text.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jtorch.text.Recorded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/** The library is told to send nothing, unless the user decided. */
@DisabledIfEnvironmentVariable(
        named = "OPT_OUT_TRACKING",
        matches = ".*",
        disabledReason = "who runs the tests decided")
class TelemetryTest {

    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    @Test
    void isOffAfterTheFirstTokenizer() {
        HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece")).close();
        assertEquals("true", System.getProperty(OPT_OUT));
    }

    @Test
    void leavesTheUsersValue() {
        HuggingFaceTokenizer.load(Recorded.path("tokenizers/wordpiece")).close();
        String before = System.setProperty(OPT_OUT, "false");
        try {
            Telemetry.optOut();
            assertEquals("false", System.getProperty(OPT_OUT));
        } finally {
            System.setProperty(OPT_OUT, before);
        }
    }
}
