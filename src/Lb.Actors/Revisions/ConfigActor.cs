using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Lb.Actors.Wire;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Keeps the config of the site as a journal of revisions. A change is checked, weighed against what it does to live
/// flows, made durable, and only then in force.
/// </summary>
internal sealed class ConfigActor : JournalWorker
{
    private const int SnapshotEvery = 50;

    /// <summary>Longer than the services take for a plan.</summary>
    private static readonly TimeSpan PlanTime = PlanFlows.ReadTime + TimeSpan.FromSeconds(2);

    private readonly SiteContext _context;
    private readonly JournalPlace _place;
    private readonly string _site;
    private readonly ImmutableArray<SiteChanged>.Builder _news = ImmutableArray.CreateBuilder<SiteChanged>();
    private readonly ILogger _log;
    private ConfigState _state;
    private int _read;

    public ConfigActor(SiteContext context, string site, JournalStart start)
        : base(start)
    {
        _context = context;
        _place = start.Place;
        _site = site;
        _log = context.Loggers.CreateLogger<ConfigActor>();
        _state = ConfigState.Start(site);
        Recover<SiteChangedRecord>(OnRead);
        Recover<SnapshotOffer>(offer =>
            _state = offer.Snapshot as ConfigState ?? ((SiteSnapshotRecord)offer.Snapshot).ToState(site));
        Command<HistoryRead>(OnHistoryRead);
        Command<ChangeWeighed>(OnWeighed);
        Command<SaveSnapshotSuccess>(saved =>
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.SnapshotFailed(_site, failed.Cause.Message));
    }

    public override string PersistenceId => IdOf(_place);

    /// <summary>The id of a site's config in the journal.</summary>
    public static string IdOf(JournalPlace place) => $"site-config:{place.Name}";

    protected override void Decide(JournalRequest request)
    {
        switch (request.Command)
        {
            case ApplyConfig apply:
                OnApply(apply);
                break;
            case ChangeSite change:
                OnChange(change);
                break;
            case RollbackSite rollback:
                OnRollback(rollback);
                break;
            case GetConfig:
                Answer(_state);
                break;
        }
    }

    protected override void OnStored(object stored)
    {
        _state = _state.Apply(((SiteChangedRecord)stored).ToChange());
        if (IsFull && _state.Revision % SnapshotEvery == 0)
        {
            SaveSnapshot(SiteSnapshotRecord.Of(_state));
        }
    }

    /// <summary>Whoever reads all of it saves the next one from that.</summary>
    protected override void OnOpened()
    {
        if (IsFull && _read >= SnapshotEvery)
        {
            SaveSnapshot(SiteSnapshotRecord.Of(_state));
        }
    }

    /// <summary>This one does not see the snapshots in the database: another one does, and is to read all.</summary>
    protected override void OnTold()
    {
        if (!IsFull && _state.Revision % SnapshotEvery == 0)
        {
            Context.Parent.Tell(new JournalReread());
        }
    }

    protected override bool IsOf(object read, Guid request, object stored) => ((SiteChangedRecord)read).Id == request;

    protected override object Known(JournalWrite? stored)
    {
        ConfigKnown known = stored is null
            ? new ConfigKnown(_state, null, IsStart: false, _news.ToImmutable())
            : new ConfigKnown(_state, stored.Answer as ConfigApplied, Request?.Command is ApplyConfig { IsStart: true }, []);
        _news.Clear();
        KnownStatesProvider.Instance.Apply(Context.System).Put(PersistenceId, LastSequenceNr, _state);
        return known;
    }

    private void OnRead(SiteChangedRecord stored)
    {
        SiteChanged change = stored.ToChange();
        _state = _state.Apply(change);
        _read++;
        Saw(stored);
        if (IsShared && LastSequenceNr > Since)
        {
            _news.Add(change);
        }
    }

    private void OnApply(ApplyConfig apply)
    {
        if (apply.IsStart && IsShared && _state.Revision > 0)
        {
            // Another node has founded the site: what it is counts, not the file that a node starts with.
            Answer(new ConfigFounded());
            return;
        }

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
            Answer(new ConfigConflicted(merge.Conflicts));
        }
        else
        {
            Weigh(new ChangeWish(
                apply.Config, merge.Site, apply.Info, merge.Conflicts, apply.Force, IsStart: apply.IsStart));
        }
    }

    private void OnChange(ChangeSite change)
    {
        if (change.ExpectedRevision is { } expected && expected != _state.Revision)
        {
            Answer(new ConfigRefused(
                [$"the site is at revision {_state.Revision}, not {expected}: look at what has changed"])
            {
                IsStale = true,
            });
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
            Weigh(new ChangeWish(_state.File, site, change.Info, [], change.Force));
        }
    }

    private void OnRollback(RollbackSite rollback)
    {
        if (rollback.Revision < 1 || rollback.Revision > _state.Revision)
        {
            Refuse([$"there is no revision {rollback.Revision}: the site is at {_state.Revision}"]);
            return;
        }

        IActorRef self = Self;
        GetHistory wanted = new(rollback.Revision, 0);
        Context.ActorOf(Props.Create(() => new HistoryActor(_place, _site, wanted, rollback, self)));
    }

    private void OnHistoryRead(HistoryRead read)
    {
        if (read.History is not { } history)
        {
            Answer(new ConfigUnavailable($"the journal cannot be read: {read.Problem}"), isFinal: true);
        }
        else if (Check(history.State.Site) is { IsEmpty: false } reasons)
        {
            Refuse(reasons);
        }
        else
        {
            RollbackSite rollback = (RollbackSite)read.Question;
            Weigh(new ChangeWish(_state.File, history.State.Site, rollback.Info, [], rollback.Force));
        }
    }

    /// <summary>
    /// Has the services tell what a change would do to their flows, where the site limits that. The file that a node
    /// starts with is not held up: it is what the node is to be.
    /// </summary>
    private void Weigh(ChangeWish wish)
    {
        if (_state.Site.Limits == PlanLimits.None || wish.IsStart)
        {
            Commit(wish.File, wish.Site, wish.Info, wish.Conflicts);
            return;
        }

        _ = Context.Parent.Ask<object>(new PlanSite(wish.Site), PlanTime).PipeTo(
            Self,
            Self,
            answer => new ChangeWeighed(wish, answer as SitePlan, (answer as ConfigUnavailable)?.Reason),
            failure => new ChangeWeighed(wish, null, "its services do not answer"));
    }

    private void OnWeighed(ChangeWeighed weighed)
    {
        ChangeWish wish = weighed.Wish;
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
            Answer(new ConfigLimited(excesses));
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
        if (_state.Decide(file, site, info) is { } change)
        {
            Store(
                SiteChangedRecord.Of(change with { Id = Request!.Id, After = _state.LastId }), applied with { Revision = change.Revision });
        }
        else
        {
            Answer(applied with { Revision = _state.Revision });
        }
    }

    private void Refuse(ImmutableArray<string> reasons) => Answer(new ConfigRefused(reasons));

    private ImmutableArray<string> Check(SiteConfig config) =>
        SiteRules.Check(config, _site, _context.Datapath.ServiceLimit, _context.Datapath.BackendLimit, _context.FullNat);
}
