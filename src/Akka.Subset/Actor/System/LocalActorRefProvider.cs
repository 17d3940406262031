namespace Akka.Actor;

/// <summary>The roots of the tree of actors and the references that stand for no actor.</summary>
internal sealed class LocalActorRefProvider : IActorRefProvider
{
    private readonly ActorPath _tempPath;
    private long _lastTemp;

    internal LocalActorRefProvider(ActorSystemImpl system)
    {
        SystemImpl = system;
        DefaultAddress = new Address("akka", system.Name);
        RootPath = new RootActorPath(DefaultAddress);
        _tempPath = RootPath / "temp";
        DeadLettersRef = new DeadLetterActorRef(this, RootPath / "deadLetters", system.EventStream);
        IgnoreRef = new IgnoreActorRef(this);
        var top = new RootSupervisor(this);
        RootGuardian = new RootGuardianRef(system, Props.Create<RootGuardianActor>(), top, RootPath);
        top.Root = RootGuardian;
    }

    public IActorRef DeadLetters => DeadLettersRef;

    public Address DefaultAddress { get; }

    public ActorPath RootPath { get; }

    public Settings Settings => SystemImpl.Settings;

    public ActorSystemImpl SystemImpl { get; }

    internal DeadLetterActorRef DeadLettersRef { get; }

    internal IgnoreActorRef IgnoreRef { get; }

    internal LocalActorRef RootGuardian { get; }

    internal LocalActorRef UserGuardian { get; private set; } = null!;

    internal LocalActorRef SystemGuardianRef { get; private set; } = null!;

    public IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var actorPath) ? ResolveActorRef(actorPath) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath == DeadLettersRef.Path)
        {
            return DeadLettersRef;
        }

        if (actorPath.Address == DefaultAddress)
        {
            IInternalActorRef found = RootGuardian;
            foreach (var name in actorPath.Elements)
            {
                found = found.GetSingleChild(name);
            }

            if (found is not Nobody && (actorPath.Uid == 0 || actorPath.Uid == found.Path.Uid))
            {
                return found;
            }
        }

        return new EmptyLocalActorRef(this, actorPath, SystemImpl.EventStream);
    }

    internal void Start()
    {
        RootGuardian.Cell.SendSystemMessage(new Dispatch.SysMsg.Create());
        var strategy = SupervisorStrategyConfigurator
            .CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        UserGuardian = RootGuardian.Cell.MakeChild(
            Props.Create<GuardianActor>().WithSupervisorStrategy(strategy), "user", isUserName: false);
        SystemGuardianRef = RootGuardian.Cell.MakeChild(
            Props.Create<SystemGuardianActor>(UserGuardian), "system", isUserName: false);
        RootGuardian.Tell(new SystemGuardianStarted(SystemGuardianRef), ActorRefs.NoSender);
    }

    internal ActorPath NewTempPath() =>
        _tempPath / AutomaticName.Create(Interlocked.Increment(ref _lastTemp));

    internal ActorSelection Select(ActorPath path) => new(Anchor(path.Address), path.Elements);

    internal ActorSelection Select(string path, IActorRef relativeTo)
    {
        if (path.Contains("://", StringComparison.Ordinal))
        {
            return Address.TrySplit(path, out var address, out var names)
                ? new ActorSelection(Anchor(address), names)
                : throw new ArgumentException($"[{path}] is no actor path", nameof(path));
        }

        return path.StartsWith('/')
            ? new ActorSelection(RootGuardian, path)
            : new ActorSelection(relativeTo, path);
    }

    private IInternalActorRef Anchor(Address address) =>
        address == DefaultAddress
            ? RootGuardian
            : new EmptyLocalActorRef(this, new RootActorPath(address), SystemImpl.EventStream);
}
