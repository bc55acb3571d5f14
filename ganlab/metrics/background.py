"""Classifiers of the data at hand, each trained once a process, in a thread of its own.

Training one takes seconds. Whoever must not wait asks with `classifier_soon`, goes on, and asks again.
"""

from __future__ import annotations

import atexit
from concurrent.futures import Future
from threading import Event, Lock, Thread
from weakref import WeakKeyDictionary

from ganlab.data import Collection
from ganlab.metrics.classifier import Classifier, train_classifier

_begun: WeakKeyDictionary[Collection, Future[Classifier]] = WeakKeyDictionary()
_looking_up = Lock()
_training = Lock()  # one classifier at a time, so that runs keep most of the processor

_ending = Event()


def classifier_soon(dataset: Collection) -> Classifier | None:
    """Returns the classifier of these images; None while it is trained. The first call begins to train it.

    Raises:
        ValueError: the images have no classes.
    """
    future = in_training(dataset)
    return future.result() if future.done() else None


def classifier_for(dataset: Collection) -> Classifier:
    """Returns the classifier of these images. The first time it is trained for a few seconds.

    Raises:
        ValueError: the images have no classes.
    """
    return in_training(dataset).result()


def in_training(dataset: Collection) -> Future[Classifier]:
    """Returns a future of the classifier, for callers that wait until it is trained."""
    with _looking_up:
        if dataset not in _begun:
            _begun[dataset] = Future()
            thread = Thread(target=_train, args=(dataset, _begun[dataset]), name="classifier", daemon=True)
            thread.start()
            atexit.register(_break_off, thread)
        return _begun[dataset]


def _train(dataset: Collection, future: Future[Classifier]) -> None:
    try:
        with _training:
            classifier = train_classifier(dataset, go_on=lambda: not _ending.is_set())
    except Exception as error:  # whoever waits is told
        future.set_exception(error)
    else:
        future.set_result(classifier)


def _break_off(thread: Thread) -> None:
    """Stop the training threads before the interpreter exits, since no thread may be inside torch then."""
    _ending.set()
    thread.join()
