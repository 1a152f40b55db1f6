package org.jtorch.text.internal.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class StrftimeTest {

    @Test
    void writesTimes() {
        ZonedDateTime time = ZonedDateTime.of(2026, 3, 7, 15, 4, 9, 0, ZoneOffset.UTC);
        assertEquals(
                "07 Mar 2026 15:04:09 Saturday 03 PM 066 100%",
                Strftime.format("%d %b %Y %H:%M:%S %A %I %p %j 100%%", time));
    }
}
