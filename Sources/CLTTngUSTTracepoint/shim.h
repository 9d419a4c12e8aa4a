/* SPDX-License-Identifier: GPL-2.0-only */
/* Only the link flags of pkg-config's lttng-ust are wanted; its headers are for the C program alone. */
