using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Keeps the config of the site as a journal of revisions. A change is checked, made durable, and only then put in
/// force by the parent. When the journal fails it stops: what it knows may differ from what is stored.
/// </summary>
internal sealed class ConfigActor : ReceivePersistentActor
{
    private const int SnapshotEvery = 50;

    /// <summary>Longer than the services take for a plan.</summary>
    private static readonly TimeSpan PlanTime = PlanFlows.ReadTime + TimeSpan.FromSeconds(2);

    private readonly SiteContext _context;
    private readonly string _site;
    private readonly ILogger _log;
    private ConfigState _state;

    // Whoever asked for what is being decided; while a change is being stored nothing else is.
    private IActorRef _asker = ActorRefs.Nobody;

    public ConfigActor(SiteContext context, string site)
    {
        _context = context;
        _site = site;
        _log = context.Loggers.CreateLogger<ConfigActor>();
        _state = ConfigState.Start(site);
        Recover<SiteChangedRecord>(stored => _state = _state.Apply(stored.ToChange()));
        Recover<SnapshotOffer>(offer => _state = ((SiteSnapshotRecord)offer.Snapshot).ToState());
        Recover<RecoveryCompleted>(_ => Context.Parent.Tell(new ConfigRecovered(_state)));
        Command<ApplyConfig>(OnApply);
        Command<ChangeSite>(OnChange);
        Command<RollbackSite>(OnRollback);
        Command<GetHistory>(history => Read(history, history));
        Command<HistoryRead>(OnHistoryRead);
        Command<ChangeWeighed>(OnWeighed);
        Command<GetConfig>(_ => Sender.Tell(_state));
        Command<SaveSnapshotSuccess>(saved =>
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
    }

    public override string PersistenceId => IdOf(_site);

    /// <summary>The id of a site's config in the journal.</summary>
    public static string IdOf(string site) => $"site-config:{site}";

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);

        // The site first: what whoever asked sends it next must not come here any more.
        Context.Parent.Tell(new JournalFailed(cause.Message));
        _asker.Tell(new ConfigUnconfirmed(cause.Message));
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        _asker.Tell(new ConfigRefused([$"the journal cannot take it: {cause.Message}"]));
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        Context.Parent.Tell(new JournalFailed(reason.Message));
    }

    private void OnApply(ApplyConfig apply)
    {
        _asker = Sender;
        SiteMerge merge = SiteMerge.Of(_state, apply.Config);
        ImmutableArray<string> reasons = Check(merge.Site);
        if (!reasons.IsEmpty && !_state.Runtime.IsEmpty && Check(apply.Config).IsEmpty)
        {
            // The file is right by itself: what was changed at run time does not fit it any more.
            string reason = string.Join("; ", reasons);
            merge = new SiteMerge(
                apply.Config, [.. _state.Runtime.Select(change => new ConfigConflict(change, reason))]);
            reasons = [];
        }

        if (!reasons.IsEmpty)
        {
            Refuse(reasons);
        }
        else if (apply.RefuseConflicts && !merge.Conflicts.IsEmpty)
        {
            _asker.Tell(new ConfigConflicted(merge.Conflicts));
        }
        else
        {
            Weigh(new ChangeWish(apply, apply.Config, merge.Site, apply.Info, merge.Conflicts, apply.Force, Sender));
        }
    }

    private void OnChange(ChangeSite change)
    {
        _asker = Sender;
        if (change.ExpectedRevision is { } expected && expected != _state.Revision)
        {
            Refuse([$"the site is at revision {_state.Revision}, not {expected}: look at what has changed"]);
        }
        else if (!SiteDiff.TryApply(_state.Site, change.Changes, out SiteConfig? site, out string? problem))
        {
            Refuse([problem]);
        }
        else if (Check(site) is { IsEmpty: false } reasons)
        {
            Refuse(reasons);
        }
        else
        {
            Weigh(new ChangeWish(change, _state.File, site, change.Info, [], change.Force, Sender));
        }
    }

    private void OnRollback(RollbackSite rollback)
    {
        _asker = Sender;
        if (rollback.Revision < 1 || rollback.Revision > _state.Revision)
        {
            Refuse([$"there is no revision {rollback.Revision}: the site is at {_state.Revision}"]);
            return;
        }

        Read(new GetHistory(rollback.Revision, 0), rollback);
    }

    private void Read(GetHistory wanted, object question)
    {
        IActorRef asker = Sender;
        Context.ActorOf(Props.Create(() => new HistoryActor(_site, wanted, question, asker)));
    }

    private void OnHistoryRead(HistoryRead read)
    {
        _asker = read.Asker;
        if (read.History is not { } history)
        {
            _asker.Tell(new ConfigUnavailable($"the journal cannot be read: {read.Problem}"));
        }
        else if (read.Question is not RollbackSite rollback)
        {
            _asker.Tell(history);
        }
        else if (Check(history.State.Site) is { IsEmpty: false } reasons)
        {
            Refuse(reasons);
        }
        else
        {
            Weigh(new ChangeWish(
                rollback, _state.File, history.State.Site, rollback.Info, [], rollback.Force, read.Asker));
        }
    }

    /// <summary>
    /// Has the services tell what a change would do to their flows, where the site limits that. The file that a node
    /// starts with is not held up: it is what the node is to be.
    /// </summary>
    private void Weigh(ChangeWish wish)
    {
        if (_state.Site.Limits == PlanLimits.None || wish.Asker.Equals(Context.Parent))
        {
            Commit(wish.File, wish.Site, wish.Info, wish.Conflicts);
            return;
        }

        long revision = _state.Revision;
        _ = Context.Parent.Ask<object>(new PlanSite(wish.Site), PlanTime).PipeTo(
            Self,
            Self,
            answer => new ChangeWeighed(wish, revision, answer as SitePlan, (answer as ConfigUnavailable)?.Reason),
            failure => new ChangeWeighed(wish, revision, null, "its services do not answer"));
    }

    private void OnWeighed(ChangeWeighed weighed)
    {
        ChangeWish wish = weighed.Wish;
        _asker = wish.Asker;
        if (weighed.Revision != _state.Revision)
        {
            // Somebody else was faster, and what was weighed is not what would be changed: once more from the start.
            Self.Tell(wish.Command, wish.Asker);
            return;
        }

        ImmutableArray<PlanExcess> excesses = weighed.Plan is { } plan ? _state.Site.Limits.Exceeded(plan) : [];
        if (wish.Force)
        {
            Commit(wish.File, wish.Site, wish.InfoWith(excesses), wish.Conflicts);
        }
        else if (weighed.Plan is null)
        {
            Refuse([$"what it would do to live flows, which the site limits, cannot be told: {weighed.Problem}"]);
        }
        else if (!excesses.IsEmpty)
        {
            _log.ConfigLimited(_site, string.Join("; ", excesses));
            _asker.Tell(new ConfigLimited(excesses));
        }
        else
        {
            Commit(wish.File, wish.Site, wish.Info, wish.Conflicts);
        }
    }

    private void Commit(
        SiteConfig file, SiteConfig site, ChangeInfo info, ImmutableArray<ConfigConflict> conflicts)
    {
        ConfigApplied applied = ConfigChange.Between(_state.Site, site) with { Conflicts = conflicts };
        if (_state.Decide(file, site, info) is not { } change)
        {
            Context.Parent.Tell(new ConfigRevised(_state, _asker, applied with { Revision = _state.Revision }));
            return;
        }

        Persist(SiteChangedRecord.Of(change), _ =>
        {
            _state = _state.Apply(change);
            Context.Parent.Tell(new ConfigRevised(_state, _asker, applied with { Revision = change.Revision }));
            if (change.Revision % SnapshotEvery == 0)
            {
                SaveSnapshot(SiteSnapshotRecord.Of(_state));
            }
        });
    }

    private void Refuse(ImmutableArray<string> reasons)
    {
        _log.ConfigRefused(_site, string.Join("; ", reasons));
        _asker.Tell(new ConfigRefused(reasons));
    }

    private ImmutableArray<string> Check(SiteConfig config) =>
        SiteRules.Check(config, _site, _context.Datapath.ServiceLimit, _context.Datapath.BackendLimit);
}
