package io.ringside.device.media;

import java.nio.file.Path;

/** What an image file holds, for the lines that tell how to get one. */
enum ImageKind {
    RAW("a raw disk image", "truncate -s 64M "),
    VHD("a VHD image", "qemu-img create -f vpc -o force_size=on,size=64M ");

    private final String article;
    private final String maker;

    ImageKind(final String article, final String maker) {
        this.article = article;
        this.maker = maker;
    }

    String article() {
        return article;
    }

    /** A command that makes such a file. */
    String maker(final Path file) {
        return maker + file;
    }
}
