using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>
/// Where changes and questions about a journal come in: runs a <see cref="JournalDesk"/> with a worker that reads and
/// writes, one life after the other.
/// </summary>
internal sealed class JournalDeskActor : ReceiveActor, IWithTimers
{
    private readonly JournalPlace _place;
    private readonly JournalKind _kind;
    private readonly string _site;
    private readonly ILogger _log;
    private readonly JournalDesk _desk;
    private IActorRef _worker = ActorRefs.Nobody;
    private int _lives;

    public JournalDeskActor(SiteContext context, string site, JournalPlace place, JournalKind kind)
    {
        _site = site;
        _place = place;
        _kind = kind;
        _log = context.Loggers.CreateLogger<JournalDeskActor>();
        _desk = new JournalDesk(place.IsShared, Random.Shared.NextDouble);
        Receive<ApplyConfig>(apply => Ask(apply with { Info = place.At(apply.Info) }));
        Receive<ChangeSite>(change => Ask(change with { Info = place.At(change.Info) }));
        Receive<RollbackSite>(rollback => Ask(rollback with { Info = place.At(rollback.Info) }));
        Receive<GetConfig>(Ask);
        Receive<AddToken>(add => Ask(add with { Token = add.Token with { Added = place.At(add.Token.Added) } }));
        Receive<RevokeToken>(revoke => Ask(revoke with { Info = place.At(revoke.Info) }));
        Receive<GetHistory>(OnGetHistory);
        Receive<HistoryRead>(OnHistoryRead);
        Receive<PlanSite>(Context.Parent.Forward);
        Receive<JournalOpened>(FromWorker<JournalOpened>(opened => _desk.OnOpened(opened, Now)));
        Receive<JournalWriting>(FromWorker<JournalWriting>(writing => _desk.OnWriting(writing, Now)));
        Receive<JournalWritten>(FromWorker<JournalWritten>(_desk.OnWritten));
        Receive<JournalAnswered>(FromWorker<JournalAnswered>(answered => _desk.OnAnswered(answered, Now)));
        Receive<JournalBroken>(FromWorker<JournalBroken>(broken => OnBroken(broken.Reason)));
        Receive<Terminated>(FromWorker<Terminated>(_ => OnBroken("its actor has stopped"), ended => ended.ActorRef));
        Receive<JournalEnd>(end => Carry(() => OnEnd(end)));
        Receive<JournalHeard>(heard => Carry(() => _desk.OnHeard(heard.Number, Now)));
        Receive<JournalReread>(_ => Carry(() => _desk.OnDoubted(Now)));
        Receive<Wake>(_ => Carry(() => { }));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    // A database takes its time by no other clock.
    private static long Now => TimeProvider.System.GetElapsedTime(0).Ticks;

    protected override void PreStart() => Carry(() => _desk.Start(Now));

    /// <summary>A worker that fails begins anew: it reads what there is.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private Action<T> FromWorker<T>(Action<T> turn, Func<T, IActorRef>? of = null) => message =>
    {
        // What an earlier one says counts no more.
        if ((of?.Invoke(message) ?? Sender).Equals(_worker))
        {
            Carry(() => turn(message));
        }
    };

    private void Ask(object command)
    {
        JournalRequest request = new(Guid.NewGuid(), command, Sender);
        Carry(() => _desk.Ask(request, Now));
    }

    private void OnBroken(string reason)
    {
        _log.JournalWorkerEnded(_site, _kind.Id, reason);
        _worker = ActorRefs.Nobody;
        _desk.OnBroken(reason, Now);
    }

    private void OnEnd(JournalEnd end)
    {
        if (end.Number is { } number)
        {
            _desk.OnLooked(end.Look, number, Now);
        }
        else
        {
            _desk.OnLookFailed(end.Look, end.Problem!, Now);
        }
    }

    /// <summary>The past is read beside everything else.</summary>
    private void OnGetHistory(GetHistory history)
    {
        if (_desk.Problem is { } problem)
        {
            Sender.Tell(new ConfigUnavailable(problem));
            return;
        }

        IActorRef asker = Sender;
        Context.ActorOf(Props.Create(() => new HistoryActor(_place, _site, history, history, asker)));
    }

    private static void OnHistoryRead(HistoryRead read) => read.Asker.Tell(
        read.History as object ?? new ConfigUnavailable($"the journal cannot be read: {read.Problem}"));

    private void Carry(Action turn)
    {
        turn();

        // Each time, and not by the timer alone: many requests would put that off for ever.
        _desk.Tick(Now);
        foreach (DeskEffect effect in _desk.Drain())
        {
            Carry(effect);
        }

        long now = Now;
        if (_desk.WakeAt(now) is { } at)
        {
            Timers.StartSingleTimer(Wake.Instance, Wake.Instance, TimeSpan.FromTicks(at - now));
        }
        else
        {
            Timers.Cancel(Wake.Instance);
        }
    }

    private void Carry(DeskEffect effect)
    {
        switch (effect)
        {
            case DeskEffect.Open open:
                if (!_worker.IsNobody())
                {
                    Context.Unwatch(_worker);
                    Context.Stop(_worker);
                }

                _worker = Context.Watch(Context.ActorOf(
                    _kind.Worker(new JournalStart(_place, open.Doubt, open.Since, open.IsFull)), $"journal-{++_lives}"));
                break;
            case DeskEffect.Give give:
                _worker.Tell(new JournalGiven(give.Request));
                break;
            case DeskEffect.Repeat repeat:
                _worker.Tell(new JournalRepeat(repeat.Request, repeat.Write));
                break;
            case DeskEffect.Answer answer:
                Answer(answer.Request, answer.Text);
                break;
            case DeskEffect.Look look:
                (JournalPlace place, string id, long serial) = (_place, _kind.Id, look.Serial);
                Context.ActorOf(Props.Create(() => new JournalEndActor(place, id, serial)));
                break;
            case DeskEffect.Know know:
                Context.Parent.Tell(new JournalKnown(know.Number, know.Known));
                break;
            case DeskEffect.Fail fail:
                Context.Parent.Tell(new JournalFailed(fail.Reason));
                break;
            case DeskEffect.Recover:
                Context.Parent.Tell(new JournalWell());
                break;
        }
    }

    private void Answer(JournalRequest request, object answer)
    {
        if (answer is ConfigRefused { IsStale: false } refused && request.Command is ApplyConfig or ChangeSite or RollbackSite)
        {
            _log.ConfigRefused(_site, string.Join("; ", refused.Reasons));
        }
        else if (answer is ConfigLimited limited)
        {
            _log.ConfigLimited(_site, string.Join("; ", limited.Excesses));
        }

        request.Asker.Tell(answer);
    }

    private sealed record Wake
    {
        public static readonly Wake Instance = new();
    }
}
