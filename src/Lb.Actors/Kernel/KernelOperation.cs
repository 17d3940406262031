using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>One write to the kernel.</summary>
internal abstract record KernelOperation
{
    private KernelOperation()
    {
    }

    /// <summary>Id of the service that the write is for; null when it is for none or for all.</summary>
    public virtual uint? Service => null;

    /// <summary>Later writes for the service need it.</summary>
    public virtual bool Concerns(uint service) => Service == service;

    /// <summary>Ids of services that packets, or replies, find by it: all that was to be written of them has to be there.</summary>
    public virtual ImmutableArray<uint> Shows => [];

    /// <summary>It takes something away that another entry may still name.</summary>
    public bool IsRemoval => this is DeleteBackend or DeleteNat or DeleteTable or DeleteVip
        or WriteIntercepted { For.IsEmpty: true } or WriteRanges { For.IsEmpty: true }
        or WriteNatRanges { For.IsEmpty: true } or DeleteService { Vip.IsRange: true };

    /// <summary>It starts counters anew that another service or backend had before.</summary>
    public bool IsReset => this is ResetBackend or ResetService;

    /// <summary>Carries it out.</summary>
    public abstract void Apply(IDatapath datapath);

    public sealed record WriteBackend(uint Index, BackendEntry Entry) : KernelOperation
    {
        public override uint? Service => Entry.Service;

        public override void Apply(IDatapath datapath) => datapath.WriteBackend(Index, Entry);

        public override string ToString() => $"write backend {Index} ({Entry.Address} port {Entry.Port})";
    }

    public sealed record ResetBackend(uint Index) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.ResetBackendTraffic(Index);

        public override string ToString() => $"reset the counters of backend {Index}";
    }

    public sealed record DeleteBackend(uint Index) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.DeleteBackend(Index);

        public override string ToString() => $"delete backend {Index}";
    }

    public sealed record WriteServerId(ServerIdKey Id, uint Backend) : KernelOperation
    {
        public override uint? Service => Id.Service;

        public override void Apply(IDatapath datapath) => datapath.WriteServerId(Id, Backend);

        public override string ToString() => $"write server ID {Id.Id} of service {Id.Service}";
    }

    /// <summary>No removal that waits: what it names may be about to become another backend.</summary>
    public sealed record DeleteServerId(ServerIdKey Id) : KernelOperation
    {
        public override uint? Service => Id.Service;

        public override void Apply(IDatapath datapath) => datapath.DeleteServerId(Id);

        public override string ToString() => $"delete server ID {Id.Id} of service {Id.Service}";
    }

    public sealed record WriteNat(Endpoint Backend, NatEntry Entry) : KernelOperation
    {
        public override uint? Service => Entry.Service;

        public override void Apply(IDatapath datapath) => datapath.WriteNat(Backend, Entry);

        public override string ToString() => $"write the reply side of {Backend}";
    }

    public sealed record DeleteNat(Endpoint Backend) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.DeleteNat(Backend);

        public override string ToString() => $"delete the reply side of {Backend}";
    }

    public sealed record WriteDirect(IReadOnlySet<IPNetwork> Prefixes) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.WriteDirect(Prefixes);

        public override string ToString() => $"write {Prefixes.Count} direct prefixes";
    }

    public sealed record WriteIntercepted(IReadOnlySet<Intercept> Services, ImmutableArray<uint> For) : KernelOperation
    {
        public override bool Concerns(uint service) => For.Contains(service);

        public override void Apply(IDatapath datapath) => datapath.WriteIntercepted(Services);

        public override string ToString() => $"hand packets of {Services.Select(s => s.Vip).Distinct().Count()} services to their relays";
    }

    public sealed record WriteLogSample(int OneIn) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.WriteLogSample(OneIn);

        public override string ToString() => $"sample one flow in {OneIn}";
    }

    public sealed record WriteShared(bool Shared) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.WriteShared(Shared);

        public override string ToString() => Shared ? "tell other nodes of flow entries" : "tell nobody of flow entries";
    }

    public sealed record WriteFullNatSources(IReadOnlySet<FullNatSource> Sources) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.WriteFullNatSources(Sources);

        public override string ToString() => $"write {Sources.Count} addresses of full-nat";
    }

    public sealed record SwapTable(uint Table, uint Owner, Slot[] Slots) : KernelOperation
    {
        public override uint? Service => Owner;

        public override void Apply(IDatapath datapath) => datapath.SwapTable(Table, Slots);

        public override string ToString() => $"swap table {Table} of {Slots.Length} slots";
    }

    public sealed record WriteSlots(uint Table, uint Owner, IReadOnlyCollection<KeyValuePair<int, Slot>> Slots)
        : KernelOperation
    {
        public override uint? Service => Owner;

        public override void Apply(IDatapath datapath) => datapath.WriteSlots(Table, Slots);

        public override string ToString() => $"write {Slots.Count} slots of table {Table}";
    }

    public sealed record DeleteTable(uint Table) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.DeleteTable(Table);

        public override string ToString() => $"delete table {Table}";
    }

    public sealed record WriteService(Endpoint Vip, ServiceEntry Entry) : KernelOperation
    {
        public override uint? Service => Entry.Id;

        public override void Apply(IDatapath datapath) => datapath.WriteService(Vip, Entry);

        public override string ToString() => $"write service {Vip}";
    }

    public sealed record ResetService(uint Id) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.ResetServiceTraffic(Id);

        public override string ToString() => $"reset the counters of service {Id}";
    }

    public sealed record WriteVip(IPAddress Address) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.WriteVip(Address);

        public override string ToString() => $"mark {Address} as a VIP";
    }

    public sealed record DeleteVip(IPAddress Address) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.DeleteVip(Address);

        public override string ToString() => $"remove the mark of {Address} as a VIP";
    }

    /// <summary>Has packets find these services of prefixes and port ranges.</summary>
    /// <param name="Services">All of them.</param>
    /// <param name="For">Ids of those that are found now and were not.</param>
    public sealed record WriteRanges(IReadOnlySet<Endpoint> Services, ImmutableArray<uint> For) : KernelOperation
    {
        public override ImmutableArray<uint> Shows => For;

        public override bool Concerns(uint service) => For.Contains(service);

        public override void Apply(IDatapath datapath) => datapath.WriteRanges(Services);

        public override string ToString() => $"have packets find {Services.Count} services of ranges";
    }

    /// <summary>Has replies of these backends of nat with ranges of ports be found.</summary>
    /// <param name="Backends">All of them.</param>
    /// <param name="For">Ids of the services of those that are found now and were not.</param>
    public sealed record WriteNatRanges(IReadOnlySet<Endpoint> Backends, ImmutableArray<uint> For) : KernelOperation
    {
        public override ImmutableArray<uint> Shows => For;

        public override bool Concerns(uint service) => For.Contains(service);

        public override void Apply(IDatapath datapath) => datapath.WriteNatRanges(Backends);

        public override string ToString() => $"have replies of {Backends.Count} backends with ranges be found";
    }

    public sealed record DeleteService(Endpoint Vip) : KernelOperation
    {
        public override void Apply(IDatapath datapath) => datapath.DeleteService(Vip);

        public override string ToString() => $"delete service {Vip}";
    }
}
