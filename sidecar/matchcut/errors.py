"""Every error matchcut raises on purpose: a sentence, the facts, and the next step.

    MatchcutError
    ├── UsageError              the request itself is wrong
    │   ├── FlavorUnknown
    │   ├── BlendWrong
    │   ├── DetectorUnknown
    │   ├── EngineUnknown
    │   ├── ModelUnknown
    │   ├── TaskUnknown
    │   ├── ScorerUnknown
    │   ├── EncoderUnknown
    │   ├── LearnerUnknown
    │   ├── ProfileUnknown
    │   ├── DeviceMissing
    │   ├── TimecodeInvalid
    │   ├── TimeOutside
    │   ├── HostUnknown
    │   └── TimelineQueryWrong
    ├── NotFoundError           something named is not there
    │   ├── MediaMissing
    │   ├── NoMediaFound
    │   ├── SourceNotIndexed
    │   ├── SourceUnknown
    │   ├── LibraryMissing
    │   ├── IndexMissing
    │   ├── ModelMissing
    │   ├── LabelsMissing
    │   ├── EmbeddingsMissing
    │   ├── EmbeddingMissing
    │   ├── TrainedMissing
    │   └── OperationUnknown
    ├── MediaError              a file that cannot be read as a film
    │   ├── MediaUnreadable
    │   ├── NoPicture
    │   ├── MediaChanged
    │   └── FrameMissing
    ├── PreconditionError       the request is right, the state is not
    │   ├── LibraryNewer
    │   ├── LibraryDamaged
    │   ├── LibraryBusy
    │   ├── LibraryNotShared
    │   ├── RayMissing
    │   ├── ClusterUnreachable
    │   ├── ClusterUnfit
    │   ├── WorkerLost
    │   ├── IndexStale
    │   ├── EngineMissing
    │   ├── RepresentationMissing
    │   ├── ModelDamaged
    │   ├── ModelUnfit
    │   ├── ModelNotFetched
    │   ├── LabelsRefused
    │   ├── LabelsTooFew
    │   ├── EmbeddingsRefused
    │   ├── EmbeddingsAbsent
    │   ├── FeaturesUnfit
    │   ├── TrainedRefused
    │   ├── LearningMissing
    │   ├── TimelineRefused
    │   ├── CutListRefused
    │   ├── OutputUnwritable
    │   ├── SidecarRunning
    │   ├── SidecarMissing
    │   ├── SidecarLost
    │   └── SidecarRefused
    ├── DiskFull
    ├── Cancelled
    └── InternalError           a plug-in or an invariant broke: a bug, said as one

`reason` is the machine's word for the error (it travels as google.rpc.ErrorInfo.reason), `facts`
are what was known where it was raised, `next_step` is what the user can do now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar


class MatchcutError(Exception):
    """Something went wrong that the user can understand: one sentence and the next step."""

    reason: ClassVar[str] = "MATCHCUT_ERROR"

    def __init__(self, sentence: str, next_step: str, **facts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step
        self.facts: Mapping[str, str] = {name: str(fact) for name, fact in facts.items()}

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Those made elsewhere travel: the constructors of most classes take other arguments.
        return _arrived, (type(self), self.sentence, self.next_step, dict(self.facts))


def _arrived(
    kind: type[MatchcutError], sentence: str, next_step: str, facts: Mapping[str, str]
) -> MatchcutError:
    """The error that another process raised."""
    error = kind.__new__(kind)
    MatchcutError.__init__(error, sentence, next_step, **facts)
    return error


class UsageError(MatchcutError):
    """The request itself is wrong, whatever the state of the library. Exit code 2."""

    reason = "USAGE"


class NotFoundError(MatchcutError):
    """Something the request names does not exist here."""

    reason = "NOT_FOUND"


class MediaError(MatchcutError):
    """A file cannot be read as a film; other files are not concerned."""

    reason = "MEDIA"


class PreconditionError(MatchcutError):
    """The request is right, but the library, the sidecar or a file is not in the state it needs."""

    reason = "PRECONDITION"


class InternalError(MatchcutError):
    """A plug-in broke its contract, or an invariant failed: a bug, not the user's doing."""

    reason = "INTERNAL"


class FlavorUnknown(UsageError):
    """No flavor has this name. Facts: `name`, `known`."""

    reason = "FLAVOR_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no flavor named '{name}'.",
            f"Choose one of: {', '.join(known)} (see `matchcut flavors`).",
            name=name,
            known=",".join(known),
        )


class BlendWrong(UsageError):
    """A blend of flavors cannot be read. Facts: `text`, `why`."""

    reason = "BLEND_WRONG"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"'{text}' is no blend of flavors: {why}.",
            "Write names with weights, such as frame,camera:0.5.",
            text=text,
            why=why,
        )


class DetectorUnknown(UsageError):
    """No shot detector has this name. Facts: `name`, `known`."""

    reason = "DETECTOR_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no shot detector named '{name}'.",
            f"Choose one of: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class EngineUnknown(UsageError):
    """No search engine has this name. Facts: `name`, `known`."""

    reason = "ENGINE_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no search engine named '{name}'.",
            f"Choose one of: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class ModelUnknown(UsageError):
    """No pretrained model has this name. Facts: `name`, `known`."""

    reason = "MODEL_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no model named '{name}'.",
            f"Choose among: {', '.join(known)} (see `matchcut models list`).",
            name=name,
            known=",".join(known),
        )


class TaskUnknown(UsageError):
    """No task of a labelled set has this name. Facts: `name`, `known`."""

    reason = "TASK_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no task named '{name}'.",
            f"This labelled set has: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class ScorerUnknown(UsageError):
    """No scorer has this name. Facts: `name`, `known`."""

    reason = "SCORER_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no scorer named '{name}'.",
            f"Choose among: {'; '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class EncoderUnknown(UsageError):
    """There are no embeddings by an encoder of this name. Facts: `name`, `known`."""

    reason = "ENCODER_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There are no embeddings by an encoder named '{name}' in this folder.",
            f"It has: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class LearnerUnknown(UsageError):
    """No learner of classifiers has this name. Facts: `name`, `known`."""

    reason = "LEARNER_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no learner named '{name}'.",
            f"Choose among: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class ProfileUnknown(UsageError):
    """No profile has this name. Facts: `name`, `known`."""

    reason = "PROFILE_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no profile named '{name}'.",
            f"Choose one of: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class DeviceMissing(UsageError):
    """This machine does not have the device asked for. Facts: `device`, `found`."""

    reason = "DEVICE_MISSING"

    def __init__(self, device: str, found: list[str]) -> None:
        super().__init__(
            f"This machine has no device '{device}' that models can run on.",
            f"Choose among: {', '.join(found)}, or leave the choice to `auto`.",
            device=device,
            found=",".join(found),
        )


class TimecodeInvalid(UsageError):
    """A text is not a timecode of this rate. Facts: `text`, `rate`, `why`."""

    reason = "TIMECODE_INVALID"

    def __init__(self, text: str, rate: object, why: str) -> None:
        super().__init__(
            f"'{text}' is not a timecode at {rate} frames a second: {why}.",
            "Write it as HH:MM:SS:FF (HH:MM:SS;FF for drop-frame).",
            text=text,
            rate=rate,
            why=why,
        )


class TimeOutside(UsageError):
    """A time lies outside of the media. Facts: `at`, `what`, `start`, `end` (the last inside)."""

    reason = "TIME_OUTSIDE"

    def __init__(self, at: str, what: str, start: str, end: str) -> None:
        super().__init__(
            f"{at} is outside of {what}, which runs from {start} to {end}.",
            "Give a timecode inside that range.",
            at=at,
            what=what,
            start=start,
            end=end,
        )


class HostUnknown(UsageError):
    """No editing application has this name. Facts: `name`, `known`."""

    reason = "HOST_UNKNOWN"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no editing application named '{name}'.",
            f"Choose one of: {', '.join(known)}.",
            name=name,
            known=",".join(known),
        )


class TimelineQueryWrong(UsageError):
    """The question about a timeline is wrong. Facts: `why`, such as TIME_OUTSIDE, and more."""

    reason = "TIMELINE_QUERY_WRONG"


class MediaMissing(NotFoundError):
    """A media file is offline: nothing is at its path. Facts: `path`."""

    reason = "MEDIA_MISSING"

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"{path} is offline: there is no such file or folder.",
            "Mount the volume or correct the path, then run the command again.",
            path=path,
        )


class NoMediaFound(NotFoundError):
    """Folders were named that hold no film. Facts: `folders`."""

    reason = "NO_MEDIA_FOUND"

    def __init__(self, folders: Sequence[Path | str]) -> None:
        names = ", ".join(str(folder) for folder in folders)
        super().__init__(
            f"There is no video file in {names}.",
            "Name the file itself, or a folder that holds films (.mov, .mp4, .mxf, .mkv, ...).",
            folders=names,
        )


class SourceNotIndexed(NotFoundError):
    """The library has no analysis of this media. Facts: `path`, `library`."""

    reason = "SOURCE_NOT_INDEXED"

    def __init__(self, path: Path | str, library: Path | str) -> None:
        super().__init__(
            f"{path} has not been indexed into the library {library}.",
            f"Run `matchcut index '{path}' --library '{library}'` first.",
            path=path,
            library=library,
        )


class SourceUnknown(NotFoundError):
    """The library holds no source of this digest. Facts: `digest`, `library`."""

    reason = "SOURCE_UNKNOWN"

    def __init__(self, digest: str, library: Path | str) -> None:
        super().__init__(
            f"The library {library} holds no source with the digest '{digest}'.",
            "Search again: what was found before may have been taken out of the library.",
            digest=digest,
            library=library,
        )


class LibraryMissing(NotFoundError):
    """There is no library in this folder. Facts: `library`."""

    reason = "LIBRARY_MISSING"

    def __init__(self, library: Path | str) -> None:
        super().__init__(
            f"There is no matchcut library in {library}.",
            f"Make one with `matchcut index MEDIA --library '{library}'`.",
            library=library,
        )


class IndexMissing(NotFoundError):
    """There is no search index in this folder. Facts: `index`."""

    reason = "INDEX_MISSING"

    def __init__(self, index: Path | str) -> None:
        super().__init__(
            f"There is no search index in {index}.",
            "Run `matchcut reindex` to build it from the library; no film is read again.",
            index=index,
        )


class ModelMissing(NotFoundError):
    """The weights of a model are on none of the shelves. Facts: `model`, `file`, `folders`."""

    reason = "MODEL_MISSING"

    def __init__(self, model: str, file: str, folders: Sequence[Path | str]) -> None:
        places = ", ".join(str(folder) for folder in folders)
        super().__init__(
            f"The weights of '{model}' ({file}) are not on this machine; looked in {places}.",
            f"Run `matchcut models fetch {model}`; without internet, run it with `--to DIR` on a "
            "machine that has it, carry DIR here and name it by `--models DIR`.",
            model=model,
            file=file,
            folders=places,
        )


class LabelsMissing(NotFoundError):
    """There is no labelled set at this path. Facts: `path`."""

    reason = "LABELS_MISSING"

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"There is no file or folder of labelled pairs at {path}.",
            "Correct the path given to --dataset.",
            path=path,
        )


class EmbeddingsMissing(NotFoundError):
    """There are no embeddings in this folder. Facts: `folder`."""

    reason = "EMBEDDINGS_MISSING"

    def __init__(self, folder: Path | str) -> None:
        super().__init__(
            f"There are no embeddings in {folder}.",
            "Name a folder of ENCODER-TITLE.json or ENCODER-TITLE.safetensors files, or a library "
            "that was indexed.",
            folder=folder,
        )


class EmbeddingMissing(NotFoundError):
    """An encoder has no vector of a shot that is asked for. Facts: `encoder`, `title`, `shot`."""

    reason = "EMBEDDING_MISSING"

    def __init__(self, encoder: str, title: str, shot: int) -> None:
        super().__init__(
            f"There is no vector by '{encoder}' of shot {shot} of '{title}'.",
            "Give a folder that has the embeddings of every shot of the labelled pairs.",
            encoder=encoder,
            title=title,
            shot=shot,
        )


class TrainedMissing(NotFoundError):
    """There is no trained model in this folder. Facts: `folder`."""

    reason = "TRAINED_MISSING"

    def __init__(self, folder: Path | str) -> None:
        super().__init__(
            f"There is no trained model in {folder}.",
            "Name the folder that `matchcut train` wrote: the one that holds model.json.",
            folder=folder,
        )


class OperationUnknown(NotFoundError):
    """The sidecar knows no operation of this name. Facts: `name`."""

    reason = "OPERATION_UNKNOWN"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This sidecar knows no operation named '{name}'.",
            "Operations end with the sidecar that ran them; start the work again: what is stored "
            "is not computed twice.",
            name=name,
        )


class MediaUnreadable(MediaError):
    """A file cannot be decoded as a film. Facts: `path`, `why`."""

    reason = "MEDIA_UNREADABLE"

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(
            f"{path} cannot be read as a film: {why}.",
            "Play it in another application; if it is whole there, export it again and retry.",
            path=path,
            why=why,
        )


class NoPicture(MediaError):
    """A file has no video stream. Facts: `path`."""

    reason = "NO_PICTURE"

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"{path} has no picture: it holds no video stream.",
            "Give a file with video; sound alone cannot be matched yet.",
            path=path,
        )


class MediaChanged(MediaError):
    """A file has other content than when it was indexed. Facts: `path`."""

    reason = "MEDIA_CHANGED"

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"{path} has changed since it was indexed.",
            f"Run `matchcut index '{path}'` with your library again; the rest is kept.",
            path=path,
        )


class FrameMissing(MediaError):
    """A frame that the library knows cannot be decoded from the file. Facts: `path`, `pts`."""

    reason = "FRAME_MISSING"

    def __init__(self, path: Path | str, pts: int) -> None:
        super().__init__(
            f"{path} has no frame at pts {pts} any more.",
            "The file has changed since it was indexed; index it again.",
            path=path,
            pts=pts,
        )


class LibraryNewer(PreconditionError):
    """The library was written by a newer matchcut. Facts: `library`, `found`, `supported`."""

    reason = "LIBRARY_NEWER"

    def __init__(self, library: Path | str, found: int, supported: int) -> None:
        super().__init__(
            f"The library {library} was written by a newer matchcut (schema {found}; this one "
            f"reads up to {supported}).",
            "Update matchcut, or name another library. Nothing was changed.",
            library=library,
            found=found,
            supported=supported,
        )


class LibraryDamaged(PreconditionError):
    """The folder's catalogue cannot be read as a library. Facts: `library`, `why`."""

    reason = "LIBRARY_DAMAGED"

    def __init__(self, library: Path | str, why: str) -> None:
        super().__init__(
            f"The library {library} cannot be read: {why}.",
            "Restore it from a copy, or name another folder and index again.",
            library=library,
            why=why,
        )


class LibraryBusy(PreconditionError):
    """Another program is indexing into this library. Facts: `library`."""

    reason = "LIBRARY_BUSY"

    def __init__(self, library: Path | str) -> None:
        super().__init__(
            f"Another program is indexing into the library {library}.",
            "Wait until it has finished, or stop it; finding and scanning work meanwhile.",
            library=library,
        )


class LibraryNotShared(PreconditionError):
    """What a worker stored cannot be seen from here. Facts: `library`."""

    reason = "LIBRARY_NOT_SHARED"

    def __init__(self, library: Path | str) -> None:
        super().__init__(
            f"What a worker stored in the library {library} is not there on this machine.",
            "Keep the library where all machines of the cluster see it under the same path, and "
            "run it again.",
            library=library,
        )


class RayMissing(PreconditionError):
    """Work is to be done on a cluster, but Ray is not installed."""

    reason = "RAY_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "Ray, which `--engine ray` works with, is not installed.",
            "Run `pip install 'matchcut[ray]'`, or leave out `--engine ray`.",
        )


class ClusterUnreachable(PreconditionError):
    """No Ray cluster can be reached or started. Facts: `address`, `why`."""

    reason = "CLUSTER_UNREACHABLE"

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"The Ray cluster '{address}' cannot be reached: {why}.",
            "Run `ray status` to see whether it runs, or leave out `--ray-address` to use the "
            "cores of this machine.",
            address=address,
            why=why,
        )


class ClusterUnfit(PreconditionError):
    """A machine of the cluster cannot do what is asked. Facts: `why`."""

    reason = "CLUSTER_UNFIT"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"A machine of the cluster cannot work for this one: {why}.",
            "Install the same matchcut, and the same Python, on all machines of the cluster.",
            why=why,
        )


class WorkerLost(PreconditionError):
    """Whatever worked on something died, each time it was tried. Facts: `what`, `why`."""

    reason = "WORKER_LOST"

    def __init__(self, what: object, why: str) -> None:
        super().__init__(
            f"Every worker that was given {what} died: {why}.",
            "Try it without `--engine ray`; what was finished is kept.",
            what=what,
            why=why,
        )


class IndexStale(PreconditionError):
    """A search index is not of what the library holds now. Facts: `index`, `why`."""

    reason = "INDEX_STALE"

    def __init__(self, index: Path | str, why: str) -> None:
        super().__init__(
            f"The search index in {index} does not fit its library: {why}.",
            "Run `matchcut reindex` to bring it up to date from the library; no film is read "
            "again.",
            index=index,
            why=why,
        )


class EngineMissing(PreconditionError):
    """What a search engine needs is not installed. Facts: `module`, `extra`."""

    reason = "ENGINE_MISSING"

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(
            f"The index is searched by '{module}', which is not installed.",
            f"Run `pip install 'matchcut[{extra}]'`, or `matchcut reindex --by exact` to build an "
            "index that needs it no longer.",
            module=module,
            extra=extra,
        )


class RepresentationMissing(PreconditionError):
    """A flavor has not been computed for some sources. Facts: `flavor`, `sources`, `library`."""

    reason = "REPRESENTATION_MISSING"

    def __init__(self, flavor: str, sources: int, library: Path | str) -> None:
        super().__init__(
            f"{sources} source(s) in {library} have not been analysed for the flavor '{flavor}'.",
            f"Run `matchcut index MEDIA --library '{library}'` again: only what is missing is "
            "computed.",
            flavor=flavor,
            sources=sources,
            library=library,
        )


class ModelDamaged(PreconditionError):
    """A weights file is not the one that was published. Facts: `model`, `path`, `why`."""

    reason = "MODEL_DAMAGED"

    def __init__(self, model: str, path: Path | str, why: str) -> None:
        super().__init__(
            f"{path} does not hold the weights of '{model}' as published: {why}.",
            f"Delete it and run `matchcut models fetch {model}` again.",
            model=model,
            path=path,
            why=why,
        )


class ModelUnfit(PreconditionError):
    """Weights do not fit the network they are named for. Facts: `model`, `path`, `why`."""

    reason = "MODEL_UNFIT"

    def __init__(self, model: str, path: Path | str, why: str) -> None:
        super().__init__(
            f"{path} holds the weights of another network than '{model}': {why}.",
            f"Delete it and run `matchcut models fetch {model}`, or use `--profile classical`.",
            model=model,
            path=path,
            why=why,
        )


class ModelNotFetched(PreconditionError):
    """The weights of a model cannot be had from where they are published.

    Facts: `model`, `url`, `why`.
    """

    reason = "MODEL_NOT_FETCHED"

    def __init__(self, model: str, url: str, why: str) -> None:
        super().__init__(
            f"The weights of '{model}' cannot be fetched from {url}: {why}.",
            "Try again where there is internet, with `--to DIR`, and name the carried folder by "
            "`--models DIR`; what has arrived is kept and fetching goes on from there.",
            model=model,
            url=url,
            why=why,
        )


class LabelsRefused(PreconditionError):
    """Labelled pairs cannot be read. Facts: `path`, `why`."""

    reason = "LABELS_REFUSED"

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(
            f"{path} cannot be read as labelled pairs: {why}.",
            "Correct the file, or see docs/learning.md for the forms that are read.",
            path=path,
            why=why,
        )


class LabelsTooFew(PreconditionError):
    """There are too few labelled pairs to learn or to measure. Facts: `what`, `why`."""

    reason = "LABELS_TOO_FEW"

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"There is too little to go by in {what}: {why}.",
            "Label more pairs, choose another split with --split, or divide the titles otherwise.",
            what=what,
            why=why,
        )


class EmbeddingsRefused(PreconditionError):
    """A file of embeddings cannot be read. Facts: `path`, `why`."""

    reason = "EMBEDDINGS_REFUSED"

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(
            f"{path} cannot be read as embeddings: {why}.",
            "Get the file anew: export or download it again.",
            path=path,
            why=why,
        )


class EmbeddingsAbsent(PreconditionError):
    """Films lack what a model wants. Facts: `encoder`, `sources`, `library`, `model`."""

    reason = "EMBEDDINGS_ABSENT"

    def __init__(self, encoder: str, sources: int, library: Path | str, model: Path | str) -> None:
        super().__init__(
            f"{sources} source(s) in {library} have no embeddings by '{encoder}', which the model "
            f"in {model} was trained on.",
            f"Fetch '{encoder}' if it is not here (`matchcut models list`), and index again: only "
            "what is missing is computed.",
            encoder=encoder,
            sources=sources,
            library=library,
            model=model,
        )


class FeaturesUnfit(PreconditionError):
    """A model was trained on other features than it is given. Facts: `model`, `wants`, `given`."""

    reason = "FEATURES_UNFIT"

    def __init__(self, model: Path | str, wants: str, given: str) -> None:
        super().__init__(
            f"The model in {model} was trained on {wants} and cannot score {given}.",
            "Give the embeddings that it was trained on, or train a model on these.",
            model=model,
            wants=wants,
            given=given,
        )


class TrainedRefused(PreconditionError):
    """A trained model cannot be read or used. Facts: `folder`, `why`."""

    reason = "TRAINED_REFUSED"

    def __init__(self, folder: Path | str, why: str) -> None:
        super().__init__(
            f"The trained model in {folder} cannot be used: {why}.",
            "Train it again with `matchcut train`.",
            folder=folder,
            why=why,
        )


class LearningMissing(PreconditionError):
    """A library that learning needs is not installed. Facts: `module`."""

    reason = "LEARNING_MISSING"

    def __init__(self, module: str) -> None:
        super().__init__(
            f"Learning needs '{module}', which is not installed.",
            "Run `pip install 'matchcut[learn]'`.",
            module=module,
        )


class TimelineRefused(PreconditionError):
    """A timeline cannot be read, or used as asked.

    Sentence, next step and facts are those of the adapter that refused it; the fact `why` is its
    own reason, such as TIMELINE_UNREADABLE, CLIP_NOT_FOUND or MEDIA_OFFLINE.
    """

    reason = "TIMELINE_REFUSED"


class CutListRefused(PreconditionError):
    """A shot list or timeline does not say where a film cuts. Facts: `list`, `why`, and more.

    `line` is the line of a shot list at fault. Where an adapter refused a timeline, sentence, next
    step and facts are its own, and `why` is its reason, such as TIMELINE_UNREADABLE.
    """

    reason = "CUT_LIST_REFUSED"


class OutputUnwritable(PreconditionError):
    """A result cannot be written where it was asked for; what was there before is whole."""

    reason = "OUTPUT_UNWRITABLE"


class SidecarRunning(PreconditionError):
    """Another sidecar holds this library. Facts: `library`, `where`."""

    reason = "SIDECAR_RUNNING"

    def __init__(self, library: Path | str, where: str) -> None:
        super().__init__(
            f"A sidecar already serves the library {library}: {where}.",
            "Use that one (`--sidecar`), or stop it first.",
            library=library,
            where=where,
        )


class SidecarMissing(PreconditionError):
    """No sidecar serves this library. Facts: `library`."""

    reason = "SIDECAR_MISSING"

    def __init__(self, library: Path | str) -> None:
        super().__init__(
            f"No sidecar is running for the library {library}.",
            f"Start one with `matchcut serve --library '{library}'`, or leave out `--sidecar`.",
            library=library,
        )


class SidecarLost(PreconditionError):
    """The sidecar went away while it was asked; what it had committed is kept."""

    reason = "SIDECAR_LOST"


class SidecarRefused(PreconditionError):
    """A sidecar answered with an error that this client cannot name better. Facts: `why`."""

    reason = "SIDECAR_REFUSED"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The sidecar did not answer as expected: {why}.",
            "Look at its log, stop it and start it again with `matchcut serve`.",
            why=why,
        )


class DiskFull(MatchcutError):
    """There is no room left to store a result; what was stored before is whole. Facts: `path`."""

    reason = "DISK_FULL"

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            f"The disk that holds {path} is full.",
            "Free some space and run the command again: what was finished is kept.",
            path=path,
        )


class Cancelled(MatchcutError):
    """The user stopped the work; what was finished is kept. Exit code 130."""

    reason = "CANCELLED"

    def __init__(self) -> None:
        super().__init__("Stopped.", "What was finished is kept; run it again to go on.")
