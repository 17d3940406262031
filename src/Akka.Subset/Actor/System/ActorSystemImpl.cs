using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The actor system.</summary>
internal sealed partial class ActorSystemImpl : ExtendedActorSystem
{
    private readonly Stack<Action> _onTermination = [];
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExtensionTable _extensions;
    private readonly Lazy<Serialization.Serialization> _serialization;
    private bool _hasTerminated;

    internal ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ArgumentException(
                $"Invalid system name [{name}]: it has ASCII letters, digits and, not in front, - and _ only",
                nameof(name));
        }

        Name = name;
        var config = setup.Get<BootstrapSetup>() is { HasValue: true } bootstrap
            ? bootstrap.Value.ConfigOrEmpty
            : Config.Empty;
        Settings = new Settings(this, config.WithFallback(ConfigurationFactory.Default()), setup);
        Throughput = Math.Max(1, Settings.Config.GetInt("akka.actor.default-dispatcher.throughput", 100));
        EventStream = new EventStream(debug: false);
        EventStream.SetLogLevel(Settings.Level);
        Log = Logging.GetLogger(EventStream, $"ActorSystem({name})");
        Scheduler = CreateScheduler(setup);
        Provider = new LocalActorRefProvider(this);
        _extensions = new ExtensionTable(this);
        _serialization = new(() => new Serialization.Serialization(this));
    }

    public override IActorRef DeadLetters => Provider.DeadLettersRef;

    public override EventStream EventStream { get; }

    public override IActorRef IgnoreRef => Provider.IgnoreRef;

    public override ILoggingAdapter Log { get; }

    public override string Name { get; }

    public override IScheduler Scheduler { get; }

    public override Serialization.Serialization Serialization => _serialization.Value;

    public override Settings Settings { get; }

    public override Task WhenTerminated => _terminated.Task;

    public override LocalActorRef Guardian => Provider.UserGuardian;

    public override LocalActorRef LookupRoot => Provider.RootGuardian;

    public override LocalActorRefProvider Provider { get; }

    public override LocalActorRef SystemGuardian => Provider.SystemGuardianRef;

    internal int Throughput { get; }

    /// <summary>
    /// The time by which the scheduler's delays pass. A scheduler of a test moves only its <c>Now</c>.
    /// </summary>
    internal TimeSpan SchedulerTime => Scheduler is TimerQueueScheduler
        ? Scheduler.MonotonicClock
        : TimeSpan.FromTicks(Scheduler.Now.UtcTicks);

    public override IActorRef ActorOf(Props props, string? name = null) =>
        Guardian.Cell.MakeChild(props, name, isUserName: true);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Provider.Select(actorPath);

    public override ActorSelection ActorSelection(string actorPath) => Provider.Select(actorPath, LookupRoot);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        SystemGuardian.Cell.MakeChild(props, name, isUserName: true);

    public override IActorRef SystemActorOf<TActor>(string? name = null) =>
        SystemActorOf(Props.Create<TActor>(), name);

    public override void Stop(IActorRef actor) =>
        (actor as IInternalActorRef)?.SendSystemMessage(new Dispatch.SysMsg.Terminate());

    public override object? GetExtension(IExtensionId extensionId) => _extensions.Find(extensionId.ExtensionType);

    public override T? GetExtension<T>()
        where T : class => (T?)_extensions.Find(typeof(T));

    public override bool HasExtension(Type type) => _extensions.Find(type) is not null;

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override object RegisterExtension(IExtensionId extension) => _extensions.Register(extension);

    public override bool TryGetExtension(Type extensionType, out object? extension)
    {
        extension = _extensions.Find(extensionType);
        return extension is not null;
    }

    public override bool TryGetExtension<T>(out T? extension)
        where T : class
    {
        extension = GetExtension<T>();
        return extension is not null;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_lock)
        {
            if (!_hasTerminated)
            {
                _onTermination.Push(code);
                return;
            }
        }

        throw new InvalidOperationException("The actor system has terminated already");
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
        {
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        }
        else
        {
            StopGuardian();
        }

        return WhenTerminated;
    }

    public override void Abort() => StopGuardian();

    public override string PrintTree()
    {
        var text = new StringBuilder();
        Print(LookupRoot, 0);
        return text.ToString();

        void Print(IInternalActorRef actor, int depth)
        {
            text.Append(' ', depth * 2).Append(actor).AppendLine();
            foreach (var child in actor.ListChildren())
            {
                Print(child, depth + 1);
            }
        }
    }

    public override string ToString() => LookupRoot.Path.Root.Address.ToString();

    internal void Start()
    {
        Provider.Start();
        if (Settings.LogDeadLetters > 0)
        {
            SystemActorOf<DeadLetterListener>("deadLetterListener");
        }

        Loggers.Start(this);

        EventStream.StartUnsubscriber(this);
        CoordinatedShutdown.Get(this);
    }

    /// <summary>Begins the end: the users' actors, then the library's, then the root.</summary>
    internal void StopGuardian() => Stop(Guardian);

    /// <summary>Ends the end, when the root has stopped.</summary>
    internal void Finish()
    {
        Action[] callbacks;
        lock (_lock)
        {
            _hasTerminated = true;
            callbacks = [.. _onTermination];
            _onTermination.Clear();
        }

        foreach (var callback in callbacks)
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                Log.Error(e, "A callback at the end of the system failed");
            }
        }

        (Scheduler as IDisposable)?.Dispose();
        _terminated.TrySetResult();
    }

    private IScheduler CreateScheduler(ActorSystemSetup setup)
    {
        var config = Settings.Config.GetConfig("akka.scheduler");
        var implementation = config.GetString("implementation");
        if (!string.IsNullOrEmpty(implementation))
        {
            return ConfiguredType.Create<IScheduler>(
                "akka.scheduler.implementation", implementation, config, Log);
        }

        var time = setup.Get<TimeProviderSetup>() is { HasValue: true } given
            ? given.Value.TimeProvider
            : TimeProvider.System;
        return new TimerQueueScheduler(config, Log, time);
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
