package org.jtorch.serialize.internal.zip;

/** The numbers of the zip format, with the names of PKWARE's APPNOTE.TXT 6.3. */
public final class ZipFormat {

    static final int LOCAL_HEADER = 0x04034b50;
    static final int DATA_DESCRIPTOR = 0x08074b50;
    static final int CENTRAL_HEADER = 0x02014b50;
    static final int END = 0x06054b50;
    static final int END64 = 0x06064b50;
    static final int END64_LOCATOR = 0x07064b50;

    static final int LOCAL_HEADER_SIZE = 30;
    static final int CENTRAL_HEADER_SIZE = 46;
    static final int END_SIZE = 22;
    static final int END64_SIZE = 56;
    static final int END64_LOCATOR_SIZE = 20;

    static final int EXTRA_ZIP64 = 1;

    static final int FLAG_ENCRYPTED = 1;
    static final int FLAG_DESCRIPTOR = 1 << 3;
    static final int FLAG_UTF8 = 1 << 11;

    static final int STORED = 0;
    static final int DEFLATED = 8;

    /** The value of a 32-bit field whose actual value is in the zip64 extra field. */
    static final long MAX32 = 0xffffffffL;

    static final int MAX16 = 0xffff;

    private ZipFormat() {}
}
