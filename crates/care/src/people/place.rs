//! Where somebody lives, as near as Kith comes to it: the neighbourhood of their postcode.

use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::person::{Address, Known};
use kith_domain::place::Postcode;

impl Kith {
    /// An address with the neighbourhood of its postcode, when the place's own table has
    /// the postcode. Otherwise as it was given: a postcode that is not known here is no
    /// mistake.
    pub(crate) async fn placed(&self, address: &Known<Address>) -> Result<Known<Address>, CareError> {
        let Known::Known(address) = address else { return Ok(address.clone()) };
        let written = address.postcode.as_deref().and_then(|p| Postcode::parse(p).ok());
        let row = match written {
            Some(postcode) => self.store().read().await?.find_postcode(postcode.as_str()).await?,
            None => None,
        };
        let found = row.map(|row| row.area).filter(|area| !area.is_empty());
        Ok(Known::Known(Address { place: found.or_else(|| address.place.clone()), ..address.clone() }))
    }
}
