/* SPDX-License-Identifier: GPL-2.0-only */
/* Provides only the link flags of pkg-config's lttng-ust; the C program includes the headers. */
