"""What /proc says of a run: CPU of the contestant, of the broker, of everybody else, and stolen."""
import bisect
import os
import pathlib
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    """CPU-seconds of a process, its threads and the children it waited for; 0 when it is gone."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def peak_mib(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def machine():
    """(busy, stolen) CPU-seconds of the whole machine since its start."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    user, nice, system, _, _, irq, soft, steal = fields[:8]
    return (user + nice + system + irq + soft) / TICK, steal / TICK


def foreign_cores(seconds, known=()):
    """How busy the machine is without the known processes."""
    before = machine()[0] - sum(map(cpu_of, known))
    time.sleep(seconds)
    return (machine()[0] - sum(map(cpu_of, known)) - before) / seconds


class Samples(threading.Thread):
    """Samples every 100 ms; figures at any moment between by interpolation."""

    def __init__(self, pid, broker, helpers):
        super().__init__(daemon=True)
        self.pid, self.broker = pid, broker
        self.helpers = [os.getpid(), *helpers]
        self.times, self.rows, self.peak = [], [], 0.0
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            own, broker = cpu_of(self.pid), cpu_of(self.broker)
            busy, stolen = machine()
            foreign = busy - own - broker - sum(map(cpu_of, self.helpers))
            self.times.append(time.time())
            self.rows.append({"own": own, "broker": broker, "foreign": foreign, "steal": stolen})
            self.peak = max(self.peak, peak_mib(self.pid))
            self.over.wait(0.1)

    def stop(self):
        self.over.set()
        self.join()

    def at(self, what, moment):
        i = bisect.bisect(self.times, moment)
        if i == 0 or i == len(self.times):
            return self.rows[min(i, len(self.rows) - 1)][what]
        before, after = self.times[i - 1], self.times[i]
        share = (moment - before) / (after - before)
        low, high = self.rows[i - 1][what], self.rows[i][what]
        return low + (high - low) * share

    def between(self, what, begin, end):
        return self.at(what, end) - self.at(what, begin)
