using Akka.Actor;

namespace Lb.Actors;

/// <summary>Something that is asked of a journal, until it is answered.</summary>
/// <param name="Id">Stands for it in what is stored, so that it can be found there.</param>
/// <param name="Command">What is asked.</param>
/// <param name="Asker">By whom.</param>
internal sealed record JournalRequest(Guid Id, object Command, IActorRef Asker);

/// <summary>An event that was given to the database. As long as it has not said so, nobody knows whether it is stored.</summary>
/// <param name="Number">The number that it has, if it is stored.</param>
/// <param name="Event">The event.</param>
/// <param name="Answer">What whoever asked is told when it is stored.</param>
internal sealed record JournalWrite(long Number, object Event, object Answer);

/// <summary>To a worker: decide on this.</summary>
internal sealed record JournalGiven(JournalRequest Request);

/// <summary>To a worker: store this once more. It was decided already, and its number is still free.</summary>
internal sealed record JournalRepeat(JournalRequest Request, JournalWrite Write);

/// <summary>A worker has read the journal, and knows what holds.</summary>
/// <param name="Number">Number of the last event.</param>
/// <param name="IsStored">The write that the worker was to look for is there.</param>
/// <param name="Known">What holds, as the site is told it.</param>
internal sealed record JournalOpened(long Number, bool IsStored, object Known);

/// <summary>A worker has decided on a request, and gives the event to the database now.</summary>
internal sealed record JournalWriting(Guid Request, JournalWrite Write);

/// <summary>An event is stored.</summary>
/// <param name="Request">Of whose request.</param>
/// <param name="Number">Its number.</param>
/// <param name="Known">What holds now, as the site is told it.</param>
/// <param name="Answer">What whoever asked is told.</param>
internal sealed record JournalWritten(Guid Request, long Number, object Known, object Answer);

/// <summary>A worker answers a request without an event.</summary>
/// <param name="Request">Which one.</param>
/// <param name="Answer">The answer.</param>
/// <param name="IsFinal">It does not depend on what the worker knows.</param>
internal sealed record JournalAnswered(Guid Request, object Answer, bool IsFinal = false);

/// <summary>A worker has failed to read or to write, and stops.</summary>
internal sealed record JournalBroken(string Reason);

/// <summary>To the site: what holds by a journal.</summary>
/// <param name="Number">Number of its last event.</param>
/// <param name="Known">What holds.</param>
internal sealed record JournalKnown(long Number, object Known);

/// <summary>To the site: a journal can be used again; what holds is as it was.</summary>
internal sealed record JournalWell;

/// <summary>To the site: a journal cannot be read or written.</summary>
internal sealed record JournalFailed(string Reason);

/// <summary>Another node knows of an event with this number.</summary>
internal sealed record JournalHeard(long Number);

/// <summary>What is known of the journal is not what it holds: it is to be read again.</summary>
internal sealed record JournalReread;
