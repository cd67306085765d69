// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a command while acs-guard changes exceptions.
 *
 * Loaded with LD_PRELOAD.  Before the first call of the function MEANWHILE_AT,
 * runs the command MEANWHILE, with its process ID in MEANWHILE_PID.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define REAL(name) ((typeof(name) *)dlsym(RTLD_NEXT, #name))

static void before(const char *name)
{
	const char *command = getenv("MEANWHILE");
	char *copy, pid[16];

	if (!command || strcmp(getenv("MEANWHILE_AT"), name))
		return;
	copy = strdup(command);
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("MEANWHILE_PID", pid, 1);
	unsetenv("MEANWHILE");
	unsetenv("LD_PRELOAD");
	if (!copy || system(copy))
		abort();
	free(copy);
}

int flock(int fd, int operation)
{
	before("flock");
	return REAL(flock)(fd, operation);
}

int rename(const char *from, const char *to)
{
	before("rename");
	return REAL(rename)(from, to);
}

int fsync(int fd)
{
	before("fsync");
	return REAL(fsync)(fd);
}
