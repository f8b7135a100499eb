"""The broker of the benchmark, its topics, and the events in them."""
import os
import pathlib
import shutil
import subprocess
import sys

from contestants import PROGRAMS, ROOT

SCRIPT = ROOT / "tests/broker/broker.sh"


def run(*command, **more):
    done = subprocess.run(list(map(str, command)), text=True, stdout=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f"compare.py: {command[0]} failed ({done.returncode})\n{done.stdout}")
    return done.stdout.strip()


class Broker:
    def __init__(self, directory, heap="1g"):
        self.directory = pathlib.Path(directory)
        self._end()  # of a run that was killed
        shutil.rmtree(self.directory, ignore_errors=True)
        environment = {**os.environ, "WATCHFIRE_BROKER_HEAP": heap}
        self.address = run(SCRIPT, "start", self.directory, env=environment).splitlines()[-1]
        self.pid = int((self.directory / "pid").read_text())
        self.loaded = {}

    def _end(self):
        if self.directory.exists():
            run(SCRIPT, "stop", self.directory)

    def stop(self):
        self._end()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _topics(self, *arguments):
        return run(SCRIPT, "tool", "org.apache.kafka.tools.TopicCommand", "--bootstrap-server",
                   self.address, *arguments, stderr=subprocess.DEVNULL)

    def create(self, *names):
        for name in names:
            self._topics("--create", "--topic", name, "--partitions", 4)

    def delete(self, prefix):
        """Every topic whose name begins so."""
        self._topics("--delete", "--if-exists", "--topic", prefix + ".*")

    def load_command(self, topic, path, rate=0):
        return [PROGRAMS / "load", "--broker", self.address, "--topic", topic, "--file", path,
                "--rate", str(rate)]

    def load(self, topic, path):
        return run(*self.load_command(topic, path))

    def backlog(self, path):
        """A topic with all the events of the file, loaded once: nobody writes into it."""
        if path not in self.loaded:
            topic = f"backlog-{len(self.loaded)}"
            self.create(topic)
            self.load(topic, path)
            self.loaded[path] = topic
        return self.loaded[path]
