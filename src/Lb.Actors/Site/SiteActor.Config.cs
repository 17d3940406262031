using System.Collections.Immutable;
using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in its config: has it from the journal, and puts it in force.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _config;
    private string? _journalProblem;

    // What the journal has told last; null before it has.
    private ConfigState? _state;
    private bool _isStartAsked;

    // It has failed, or has not answered in time.
    private bool _isOverdue;
    private string _toldOfFile = "";
    private (SiteConfig? Applied, SiteConfig? Own, ImmutableArray<SiteChange> Difference) _compared = (null, null, []);

    private JournalPlace Place => _context.Shared ?? new JournalPlace(_memory.Site);

    /// <summary>Revision of the config in force; 0 for a file that could not be recorded yet.</summary>
    private long Revision => InForce?.Revision ?? 0;

    private IActorRef StartDesk(JournalKind kind, string name)
    {
        (SiteContext context, string site, JournalPlace place) = (_context, _memory.Site, Place);
        return Context.ActorOf(
            Akka.Actor.Props.Create(() => new JournalDeskActor(context, site, place, kind)), name);
    }

    private void ReceiveConfig()
    {
        Receive<JournalKnown>(OnJournalKnown);
        Receive<JournalFailed>(OnJournalFailed);
        Receive<JournalWell>(_ => OnJournalWell());
        Receive<ConfigFounded>(_ => OnStartDone());
        Receive<ConfigApplied>(OnStartApplied);
        Receive<ConfigRefused>(_ => OnStartDone());
        Receive<ConfigUnconfirmed>(_ => _isStartAsked = false);
        Receive<ConfigUnavailable>(_ => _isStartAsked = false);
        Receive<JournalOverdue>(_ => OnJournalOverdue());
        Receive<ConfigCopyRead>(OnCopyRead);
        Receive<ApplyConfig>(OnApply);
        Receive<ChangeSite>(_config.Forward);
        Receive<RollbackSite>(_config.Forward);
        Receive<GetHistory>(_config.Forward);
        Receive<GetConfig>(OnGetConfig);
        ReceiveNews();
    }

    private void OnJournalKnown(JournalKnown told)
    {
        switch (told.Known)
        {
            case ConfigKnown known:
                _configNumber = told.Number;
                OnConfigKnown(known);
                break;
            case TokenBook book:
                _tokensNumber = told.Number;
                OnTokensKnown(book);
                break;
        }

        TellNews();
    }

    private void OnConfigKnown(ConfigKnown known)
    {
        OnConfigWell(known.State.Revision);
        ConfigState? before = _state;
        if (known.State.Revision < before?.Revision)
        {
            _log.ConfigWentBack(_memory.Site, before.Revision, known.State.Revision);
        }

        bool isSame = before is not null && before.Revision == known.State.Revision && before.LastId == known.State.LastId;
        _state = isSame ? before : known.State;
        bool hadStart = _memory.Start is not null;
        _goesByCopy = false;
        KeepCopy(_state!);
        if (known.IsStart || (_context.Shared is not null && known.State.Revision > 0))
        {
            _memory.Start = null;
        }

        if (_memory.Start is { } start)
        {
            if (!_isStartAsked)
            {
                _isStartAsked = true;
                _config.Tell(start with { IsStart = true });
            }

            return;
        }

        if (!isSame || hadStart || _site is null)
        {
            PutInForce(_state!.Site);
        }

        Log(known, before);
        CompareFile();
    }

    private void Log(ConfigKnown known, ConfigState? before)
    {
        if (known.Applied is { } applied)
        {
            _log.ConfigApplied(
                _memory.Site, applied.Revision, applied.Added.Length, applied.Changed.Length, applied.Removed.Length);
            foreach (ConfigConflict conflict in applied.Conflicts)
            {
                _log.ConfigOverruled(_memory.Site, conflict);
            }
        }

        if (before is not null)
        {
            foreach (SiteChanged change in known.News.Where(change => change.Revision > before.Revision))
            {
                _log.ConfigFollowed(
                    _memory.Site, change.Revision, change.Info.Who, change.Info.From, Short(change.Site));
            }
        }
    }

    private void OnStartApplied(ConfigApplied applied)
    {
        if (_memory.Start is not null)
        {
            _log.ConfigApplied(_memory.Site, applied.Revision, 0, 0, 0);
        }

        OnStartDone();
    }

    /// <summary>The file that the node started with is a revision, or is not to be one: what the journal knows holds.</summary>
    private void OnStartDone()
    {
        _isStartAsked = false;
        if (_memory.Start is not null && _state is not null)
        {
            _memory.Start = null;
            PutInForce(_state.Site);
            CompareFile();
            TellNews();
        }
    }

    private void OnJournalFailed(JournalFailed failed)
    {
        if (Sender.Equals(_tokenDesk))
        {
            OnTokensFailed(failed.Reason);
            return;
        }

        if (Sender.Equals(_journal.Running.GetValueOrDefault(JournalUser.Verdicts)))
        {
            _log.VerdictsFailed(_memory.Site, failed.Reason);
            _verdicts ??= NoVerdicts;
            TellAll();
            StartWithoutJournal();
            return;
        }

        if (_journalProblem is null)
        {
            _log.JournalFailed(_memory.Site, failed.Reason);
        }

        _journalProblem = failed.Reason;
        TellNews();
        _isOverdue = true;
        StartWithoutJournal();
    }

    private void OnJournalWell()
    {
        if (Sender.Equals(_tokenDesk))
        {
            _tokensProblem = null;
        }
        else
        {
            OnConfigWell(_state?.Revision ?? 0);
            TellNews();
        }
    }

    private void OnConfigWell(long revision)
    {
        if (_journalProblem is not null)
        {
            _log.JournalBack(_memory.Site, revision);
        }

        _journalProblem = null;
    }

    private void OnJournalOverdue()
    {
        _verdicts ??= NoVerdicts;
        _isOverdue = true;
        StartWithoutJournal();
        TellAll();
    }

    /// <summary>
    /// A node without a journal forwards by what it has kept, or by its file: then what was changed at run time is not known.
    /// What its own disk knows is waited for.
    /// </summary>
    private void StartWithoutJournal()
    {
        if (_site is not null || !_isOverdue || _isCopyAwaited || _verdicts is null)
        {
            return;
        }

        _journalProblem ??= $"it has not answered for {JournalTime.TotalSeconds} s";
        if (!TryGoByCopy(_journalProblem) && _memory.Start is { } start && CanCarryOut(start.Config))
        {
            _log.StartedWithoutJournal(_memory.Site, _journalProblem);
            PutInForce(start.Config);
        }
    }

    private bool CanCarryOut(SiteConfig site)
    {
        ImmutableArray<string> reasons = SiteRules.Check(
            site, _memory.Site, _context.Datapath.ServiceLimit, _context.Datapath.BackendLimit);
        if (!reasons.IsEmpty)
        {
            _log.ConfigRefused(_memory.Site, string.Join("; ", reasons));
        }

        return reasons.IsEmpty;
    }

    private void OnApply(ApplyConfig apply)
    {
        _memory.File = apply;
        _config.Forward(apply);
    }

    /// <summary>
    /// What holds on this node is known here; what another one has changed is in the journal. What it has kept may be long out of
    /// date, and is not told for what the site is.
    /// </summary>
    private void OnGetConfig(GetConfig get)
    {
        if (!_goesByCopy && InForce is { } state && !(get.Latest && _context.Shared is not null))
        {
            Sender.Tell(state);
        }
        else
        {
            _config.Forward(get);
        }
    }

    /// <summary>A node of a cluster whose file is not the one that was applied last goes by the site, and says so.</summary>
    private void CompareFile()
    {
        ImmutableArray<SiteChange> other = OtherFile();
        string words = Short(other);
        if (words != _toldOfFile && !other.IsEmpty)
        {
            _log.ConfigFileDiffers(_memory.Site, _memory.File.Info.From, words);
        }

        _toldOfFile = words;
    }

    /// <summary>How this node's file differs from the one that was applied last, where that is other nodes' affair too.</summary>
    private ImmutableArray<SiteChange> OtherFile()
    {
        if (_context.Shared is null || _state is null or { Revision: 0 })
        {
            return [];
        }

        if (!ReferenceEquals(_compared.Applied, _state.File) || !ReferenceEquals(_compared.Own, _memory.File.Config))
        {
            _compared = (_state.File, _memory.File.Config, SiteDiff.Between(_state.File, _memory.File.Config));
        }

        return _compared.Difference;
    }

    private ConfigSnapshot ConfigNow() => new(
        _site is not null, Revision, _state?.Runtime.Length ?? 0, _journalProblem)
    {
        OtherFile = OtherFile(),
    };

    private static string Short(ImmutableArray<SiteChange> changes) => changes switch
    {
        [] => "nothing changes",
        [var one] => $"{one}",
        [var one, var two] => $"{one}; {two}",
        [var one, var two, ..] => $"{one}; {two}; and {changes.Length - 2} more",
    };
}
