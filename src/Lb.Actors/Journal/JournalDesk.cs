using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>
/// How a node uses a journal that others may write to as well. Requests are decided one after the other on what the
/// node knows. The journal takes an event only behind the last one it has, so a node that is behind fails, reads what
/// there is, and decides once more. A write whose outcome is not known is looked for when the journal can be read, and
/// repeated as it was while its number is free: so it is stored once or not at all. Without clock, network and database.
/// </summary>
/// <param name="isShared">Other nodes write to it too.</param>
/// <param name="random">From 0 to 1: nodes that fail together are not to try again together.</param>
internal sealed partial class JournalDesk(bool isShared, Func<double> random)
{
    private readonly List<DeskEffect> _effects = [];
    private readonly Queue<Turn> _queue = new();
    private Phase _phase = Phase.Closed;

    // When it is opened next, or since when it is being opened.
    private long _openAt;
    private long _number;

    // What is known may not be what the journal says: it is read from the beginning.
    private bool _mustReadAll = true;

    // Somebody has told of more than was known while the journal was being read.
    private bool _isStale;

    // Why requests are refused at once; null while they are not.
    private string? _problem;

    // What is with the worker, or was when it failed.
    private Turn? _turn;

    // Each reading of the journal and each look at its end has a number: a higher one began later.
    private long _looks;
    private long _opening;
    private long _seen;
    private long _look;
    private long _lookAt;
    private bool _hasWritten;

    private enum Phase
    {
        Closed,
        Opening,
        Open,
    }

    /// <summary>Number of the last event that is known.</summary>
    public long Number => _number;

    /// <summary>What is wrong with the journal; null when nothing is.</summary>
    public string? Problem => _problem;

    private bool IsBusy => _phase != Phase.Open || _turn is not null || _queue.Count > 0 || _look != 0;

    // A worker that decides on a request may be about to store it: it is left alone.
    private bool IsIdle => _phase == Phase.Open && (_turn is null || _turn.Pending is not null);

    /// <summary>What is to be done, and is forgotten here.</summary>
    public ImmutableArray<DeskEffect> Drain()
    {
        ImmutableArray<DeskEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>When time is to be looked at next; null for not before something happens.</summary>
    public long? WakeAt(long now) => IsBusy ? now + DeskTimes.Pace : isShared ? Math.Max(now, _lookAt) : null;

    /// <summary>Begins.</summary>
    public void Start(long now) => Open(now);

    /// <summary>Somebody asks for something.</summary>
    public void Ask(JournalRequest request, long now)
    {
        if (_problem is { } problem)
        {
            Do(new DeskEffect.Answer(request, new ConfigUnavailable(problem)));
            return;
        }

        _queue.Enqueue(new Turn(request, now + DeskTimes.Deadline, _looks));
        Next();
    }

    /// <summary>A worker has read the journal.</summary>
    public void OnOpened(JournalOpened opened, long now)
    {
        _phase = Phase.Open;
        _mustReadAll = false;
        _number = opened.Number;
        _seen = _opening;
        _lookAt = now + DeskTimes.Look;
        _problem = null;
        Do(new DeskEffect.Know(opened.Number, opened.Known));
        if (_isStale)
        {
            Open(now);
        }
        else if (_turn is { } turn)
        {
            GoOn(turn, opened, now);
        }

        Next();
    }

    /// <summary>A worker has decided and stores what it has decided.</summary>
    public void OnWriting(JournalWriting writing, long now)
    {
        if (Is(writing.Request) is { } turn)
        {
            turn.Write = writing.Write;
            turn.WritingSince = now;
        }
    }

    /// <summary>An event is stored.</summary>
    public void OnWritten(JournalWritten written)
    {
        _number = written.Number;
        _hasWritten = true;
        _problem = null;
        Do(new DeskEffect.Know(written.Number, written.Known));
        if (Is(written.Request) is { } turn)
        {
            End(turn, written.Answer);
        }
    }

    /// <summary>A worker answers without an event. By what it knows that may be right no more: it is looked.</summary>
    public void OnAnswered(JournalAnswered answered, long now)
    {
        if (Is(answered.Request) is not { } turn)
        {
            return;
        }

        if (answered.IsFinal || IsFresh(turn) || turn.IsAnswered)
        {
            End(turn, answered.Answer);
            return;
        }

        turn.Pending = answered.Answer;
        if (_look <= turn.Arrived)
        {
            Look(now);
        }
    }

    /// <summary>The worker has failed and is gone.</summary>
    public void OnBroken(string reason, long now)
    {
        bool wasOpening = _phase == Phase.Opening;
        _phase = Phase.Closed;
        _openAt = now;
        _look = 0;
        if (_turn is { } turn)
        {
            turn.WritingSince = null;
            turn.Pending = null;
        }

        if (wasOpening && !_mustReadAll)
        {
            // It may be that what is known does not lead to what is stored.
            _mustReadAll = true;
            return;
        }

        if (_turn is { } waiting)
        {
            if (!waiting.IsAnswered && ++waiting.Tries <= DeskTimes.MostTries)
            {
                _openAt = now + DeskTimes.Backoff(waiting.Tries, random());
                return;
            }

            End(waiting, waiting.Write is null ? new ConfigUnavailable(reason) : new ConfigUnconfirmed(reason));
        }

        if (wasOpening)
        {
            _openAt = now + DeskTimes.Retry;
            Fail(reason);
        }
    }

    /// <summary>Another node knows of an event.</summary>
    public void OnHeard(long number, long now)
    {
        if (number <= _number)
        {
            return;
        }

        _isStale |= _phase == Phase.Opening;
        if (IsIdle)
        {
            Open(now);
        }
    }

    /// <summary>What is known is not what others have read.</summary>
    public void OnDoubted(long now)
    {
        _mustReadAll = true;
        if (IsIdle)
        {
            Open(now);
        }
    }

    /// <summary>A look at the end of the journal has come to something.</summary>
    public void OnLooked(long look, long number, long now)
    {
        if (look != _look)
        {
            return;
        }

        _look = 0;
        _lookAt = now + DeskTimes.Look;
        bool isBehind = number > _number;
        bool isAhead = number < _number && !_hasWritten;
        if ((isBehind || isAhead) && IsIdle)
        {
            _mustReadAll |= isAhead;
            Open(now);
            return;
        }

        if (_problem is not null)
        {
            _problem = null;
            Do(new DeskEffect.Recover());
        }

        if (!isBehind)
        {
            _seen = look;
            AnswerPending(now);
        }
    }

    /// <summary>A look at the end of the journal has failed.</summary>
    public void OnLookFailed(long look, string reason, long now)
    {
        if (look != _look)
        {
            return;
        }

        _look = 0;
        _lookAt = now + DeskTimes.LookAgain;
        if (_turn is { Pending: not null } turn)
        {
            End(turn, new ConfigUnavailable(reason));
        }

        Fail(reason);
    }
}
