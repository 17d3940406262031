namespace Lb.Actors;

/// <summary>Requests take turns; none waits for longer than it may.</summary>
internal sealed partial class JournalDesk
{
    /// <summary>Time goes by.</summary>
    public void Tick(long now)
    {
        if ((_phase == Phase.Closed && now >= _openAt) || (_mustReadAll && IsIdle))
        {
            Open(now);
        }

        bool isSilent = _phase == Phase.Opening && now - _openAt >= DeskTimes.Patience;
        if (_problem is null && (isSilent || now - _turn?.WritingSince >= DeskTimes.Patience))
        {
            Fail(Silent);
        }

        if (_look != 0 && now - _lookAt >= DeskTimes.Patience)
        {
            OnLookFailed(_look, Silent, now);
        }

        if (_turn is { IsAnswered: false } turn && now >= turn.Until)
        {
            OnOverdue(turn);
        }

        while (_queue.TryPeek(out Turn? waiting) && now >= waiting.Until)
        {
            _queue.Dequeue();
            Do(new DeskEffect.Answer(waiting.Request, new ConfigUnavailable(_problem ?? "others before it are still under way")));
        }

        if (isShared && IsIdle && _look == 0 && now >= _lookAt)
        {
            Look(now);
        }
    }

    private static string Silent => $"the database has not answered for {DeskTimes.Patience / TimeSpan.TicksPerSecond} s";

    /// <summary>Without a worker that has it, and without a write, a request is not carried out; else that is not known.</summary>
    private void OnOverdue(Turn turn)
    {
        string reason = _problem ?? "it has taken too long";
        bool isWithWorker = _phase == Phase.Open && turn.Pending is null;
        if (!isWithWorker && turn.Write is null)
        {
            End(turn, new ConfigUnavailable(reason));
            return;
        }

        Do(new DeskEffect.Answer(turn.Request, new ConfigUnconfirmed(reason)));
        turn.IsAnswered = true;
        if (!isWithWorker)
        {
            _turn = null;
        }
    }

    private void Open(long now)
    {
        _phase = Phase.Opening;
        _openAt = now;
        _opening = ++_looks;
        _look = 0;
        _isStale = false;
        if (_turn is { } turn)
        {
            turn.Pending = null;
        }

        Do(new DeskEffect.Open(_turn is { Write: { } write } doubted ? (doubted.Request, write) : null, _number, _mustReadAll));
    }

    private void Look(long now)
    {
        if (_phase == Phase.Open)
        {
            _look = ++_looks;
            _lookAt = now;
            _hasWritten = false;
            Do(new DeskEffect.Look(_look));
        }
    }

    /// <summary>A request that a worker had when it failed, or whose answer was not sure.</summary>
    private void GoOn(Turn turn, JournalOpened opened, long now)
    {
        if (turn.Write is not { } write)
        {
            Do(new DeskEffect.Give(turn.Request));
        }
        else if (opened.IsStored)
        {
            End(turn, write.Answer);
        }
        else if (opened.Number >= write.Number)
        {
            // Another one has the number, so this write is not stored and never will be.
            turn.Write = null;
            turn.Tries = 0;
            if (++turn.Lost > DeskTimes.MostLost)
            {
                End(turn, new ConfigUnavailable($"other changes were faster {turn.Lost} times: try it again"));
            }
            else
            {
                Do(new DeskEffect.Give(turn.Request));
            }
        }
        else if (opened.Number == write.Number - 1)
        {
            // The write may still be on its way: only the same one may take its number.
            turn.WritingSince = now;
            Do(new DeskEffect.Repeat(turn.Request, write));
        }
        else
        {
            End(turn, new ConfigUnconfirmed(
                $"the journal ends at {opened.Number} and went up to {write.Number - 1}: an older copy was put in its place"));
        }
    }

    private void AnswerPending(long now)
    {
        if (_turn is not { Pending: { } answer } turn)
        {
            return;
        }

        if (IsFresh(turn))
        {
            End(turn, answer);
        }
        else if (_look == 0)
        {
            Look(now);
        }
    }

    /// <summary>Whether what is known was read after the request came.</summary>
    private bool IsFresh(Turn turn) => !isShared || _seen > turn.Arrived;

    private Turn? Is(Guid request) => _turn?.Request.Id == request ? _turn : null;

    private void End(Turn turn, object answer)
    {
        if (!turn.IsAnswered)
        {
            Do(new DeskEffect.Answer(turn.Request, answer));
        }

        _turn = null;
        Next();
    }

    private void Next()
    {
        if (_phase == Phase.Open && !_mustReadAll && _turn is null && _queue.TryDequeue(out _turn))
        {
            Do(new DeskEffect.Give(_turn.Request));
        }
    }

    private void Fail(string reason)
    {
        _problem = reason;
        Do(new DeskEffect.Fail(reason));
        while (_queue.TryDequeue(out Turn? waiting))
        {
            Do(new DeskEffect.Answer(waiting.Request, new ConfigUnavailable(reason)));
        }
    }

    private void Do(DeskEffect effect) => _effects.Add(effect);

    /// <summary>A request until it is answered, or its outcome is known.</summary>
    /// <param name="request">The request.</param>
    /// <param name="until">When it is answered, whatever is known then.</param>
    /// <param name="arrived">The last look that began before it came.</param>
    private sealed class Turn(JournalRequest request, long until, long arrived)
    {
        public JournalRequest Request => request;

        public long Until => until;

        public long Arrived => arrived;

        /// <summary>What was given to the database for it.</summary>
        public JournalWrite? Write { get; set; }

        /// <summary>Since when the database has it; null when it has failed.</summary>
        public long? WritingSince { get; set; }

        /// <summary>An answer that counts when a look shows that it is of what holds.</summary>
        public object? Pending { get; set; }

        public bool IsAnswered { get; set; }

        public int Tries { get; set; }

        public int Lost { get; set; }
    }
}
