using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;
using Akka.Util;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>The serializers of a system: which one is for what.</summary>
public sealed class SerializationTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("test", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig("akka.loggers = []"),
        SerializationSetup.Create(system =>
        [
            Of("any", new Text(system, 1), typeof(Exception)),
            Of("io", new Text(system, 2), typeof(IOException), typeof(int)),
        ])));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate().WaitAsync(TimeSpan.FromSeconds(30));

    [Fact]
    public void The_serializer_of_a_type_is_the_one_bound_to_it_or_to_its_nearest_base()
    {
        Assert.Equal(1, _system.Serialization.FindSerializerFor(new FormatException()).Identifier);
        Assert.Equal(2, _system.Serialization.FindSerializerForType(typeof(FileNotFoundException)).Identifier);
        Assert.Same(_system, _system.Serialization.System);
    }

    [Fact]
    public void Where_none_is_bound_the_named_one_is_taken_or_none_is_found()
    {
        Assert.Equal(1, _system.Serialization.FindSerializerFor("text", "any").Identifier);
        Assert.Equal(2, _system.Serialization.FindSerializerFor(new IOException(), "any").Identifier);
        Assert.Throws<SerializationException>(() => _system.Serialization.FindSerializerFor("text"));
        Assert.Throws<SerializationException>(() => _system.Serialization.FindSerializerFor("text", "other"));
    }

    [Fact]
    public void Bytes_are_read_by_the_serializer_of_their_identifier_with_their_manifest()
    {
        var serializer = _system.Serialization.FindSerializerFor(17);
        var manifest = Serialization.Serialization.ManifestFor(serializer, 17);

        Assert.Equal("Int32", manifest);
        Assert.Equal("Int32 17", _system.Serialization.Deserialize(
            serializer.ToBinary(17), serializer.Identifier, manifest));
        Assert.Throws<SerializationException>(() => _system.Serialization.Deserialize([], 3, ""));
    }

    [Fact]
    public void An_option_of_null_is_none()
    {
        Assert.Equal(Option<string>.None, Option<string>.Create(null!));
        Assert.Equal("a", Option<string>.Create("a").Value);
        Assert.Equal("b", Option<string>.None.GetOrElse("b"));
    }

    private static SerializerDetails Of(string alias, Serializer serializer, params Type[] types) =>
        SerializerDetails.Create(alias, serializer, [.. types]);

    private sealed class Text(ExtendedActorSystem system, int identifier) : SerializerWithStringManifest(system)
    {
        public override int Identifier => identifier;

        public override string Manifest(object o) => o.GetType().Name;

        public override byte[] ToBinary(object obj) =>
            Encoding.UTF8.GetBytes(Convert.ToString(obj, CultureInfo.InvariantCulture)!);

        public override object FromBinary(byte[] bytes, string manifest) =>
            $"{manifest} {Encoding.UTF8.GetString(bytes)}";
    }
}
