using Xunit;

namespace Akka.Subset.Persistence.Tests.Sql.Databases;

/// <summary>The tests that share a PostgreSQL server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
